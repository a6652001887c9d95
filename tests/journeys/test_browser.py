"""What a newcomer does: start the demo, open the page, take a document from /new to signed."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import ROOT, Program

pytestmark = pytest.mark.browser
PICTURES = ROOT / ".readme"
#: What the README's picture shows: when one of these changes, the picture is taken again.
SHOWN = ("bot/sandbox/page", "bot/cards.py", "bot/keyboards.py", "bot/texts/zh.ftl")


class Phone:
    """One of the two phones on the page."""

    def __init__(self, page: Any, side: str) -> None:
        self.box = page.locator(f"[data-testid=phone][data-side={side}]")

    async def says(self, text: str) -> None:
        await self.box.get_by_test_id("composer").fill(text)
        await self.box.get_by_test_id("send").click()

    async def taps(self, label: str) -> None:
        await self.box.get_by_test_id("button").filter(has_text=label).last.click()

    async def sees(self, text: str) -> None:
        await self.box.get_by_text(text).last.wait_for(timeout=20_000)


def fingerprint() -> str:
    digest = hashlib.sha256()
    for name in SHOWN:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest()


async def open_page(browser: Any, url: str, **options: Any) -> Any:
    page = await browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.problems = problems
    await page.goto(url)
    await page.wait_for_selector("html[data-ready]")
    return page


async def sign_one(page: Any) -> None:
    left, right = Phone(page, "left"), Phone(page, "right")
    await left.says("/new 科工〔2026〕12号 工艺参数")
    await left.sees("定密意见 · 待提交")
    await left.taps("提交")
    await right.sees("🟡 待您审核")
    await right.taps("同意")
    await right.sees("🟡 待您审定")
    await right.taps("批准")
    await left.sees("请标注")
    await right.sees("✅ 已批准 · 案")


async def test_a_visitor_signs_a_document_on_the_page(database_url, browser, tmp_path, request):
    flags = ["--no-browser", "--port", "0"]
    if database_url.startswith("postgres"):
        flags += ["--database", database_url]
    demo = Program(tmp_path)
    async with demo.running("demo", *flags, until=r"(http://127\.0\.0\.1:\d+)") as found:
        page = await open_page(browser, found[1], viewport={"width": 1280, "height": 860})
        await sign_one(page)
        assert page.problems == []
        if request.config.getoption("--update-pictures"):
            await take_pictures(page)


async def take_pictures(page: Any) -> None:
    await page.wait_for_timeout(6_000)  # toasts go away
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.wait_for_timeout(300)
        await page.screenshot(path=PICTURES / f"demo-{scheme}.png")
    (PICTURES / "shows.sha256").write_text(fingerprint() + "\n", encoding="ascii")


async def test_a_visitor_on_a_phone_does_the_same_in_the_dark(browser, tmp_path):
    demo = Program(tmp_path)
    async with demo.running(
        "demo", "--no-browser", "--port", "0", until=r"(http://127\.0\.0\.1:\d+)"
    ) as found:
        page = await open_page(
            browser, found[1], viewport={"width": 360, "height": 740}, color_scheme="dark"
        )
        phone = Phone(page, "left")
        await phone.says("/new 办〔2026〕7号 工艺参数")
        await phone.sees("定密意见 · 待提交")
        await phone.taps("提交")
        await phone.sees("🟡 待")
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360
        assert page.problems == []


def test_the_readme_s_picture_shows_the_page_as_it_is():
    told = (PICTURES / "shows.sha256").read_text(encoding="ascii").strip()
    assert told == fingerprint(), "run: pytest tests/journeys/test_browser.py --update-pictures"
    for scheme in ("light", "dark"):
        assert Path(PICTURES / f"demo-{scheme}.png").stat().st_size > 20_000
