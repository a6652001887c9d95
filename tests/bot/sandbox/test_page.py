"""The page, in a real browser, with a small bot at work behind it."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.sandbox import Telegram, serving

from .little_bot import ADMIN, CARD, DRAFTER, HEAD, OFFICER, button, buttons, cast, little_bot

# One browser for all: it lives in the session's loop, and so does whatever talks to it.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def telegram():
    telegram = Telegram()
    cast(telegram)
    return telegram


@pytest_asyncio.fixture(loop_scope="session")
async def address(telegram):
    async with serving(telegram, port=0) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def work(address, telegram):
    """The small bot at work."""
    async with little_bot(address, telegram) as small:
        yield small


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser, address, work):
    """Open the page; whatever goes wrong in its scripts fails the test."""
    wrong, contexts = [], []

    async def visit(path="/", width=1280, height=800, **options):
        size = {"width": width, "height": height}
        context = await browser.new_context(viewport=size, **options)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.set_default_timeout(8000)
        await page.goto(address + path)
        await page.wait_for_selector("html[data-ready]")
        return page

    yield visit
    for context in contexts:
        await context.close()
    assert not wrong


def side(page, which):
    return page.locator(f"[data-side={which}]")


async def say(phone, text):
    await phone.get_by_test_id("composer").fill(text)
    await phone.get_by_test_id("composer").press("Enter")


async def test_a_visitor_starts_submits_and_sees_the_card_travel(visit, telegram):
    page = await visit()
    left, right = side(page, "left"), side(page, "right")
    await expect(left).to_have_attribute("data-person", str(DRAFTER))

    await left.get_by_test_id("start").click()
    await expect(left.get_by_text("您好，已绑定。 invite-zhou")).to_be_visible()
    await page.get_by_test_id("hint-try").click()
    await left.get_by_test_id("send").click()
    await left.get_by_role("button", name="提交").click()

    await expect(left.get_by_test_id("toast")).to_have_text("已提交")
    await expect(left.get_by_text("等待 赵国强 审核")).to_be_visible()
    await expect(left.get_by_text("已编辑")).to_be_visible()
    await expect(right).to_have_attribute("data-person", str(HEAD))
    await right.get_by_role("button", name="同意").click()
    await expect(right.get_by_test_id("toast")).to_have_text("已同意")

    await expect(right).to_have_attribute("data-person", str(OFFICER))
    await expect(right.get_by_role("button", name="同意")).to_have_attribute(
        "data-style", "success"
    )


async def test_a_hint_tried_too_early_points_at_start_and_is_kept(visit):
    page = await visit()
    left = side(page, "left")

    await page.get_by_test_id("hint-try").click()
    await expect(left.get_by_test_id("start")).to_be_focused()
    await page.keyboard.press("Enter")

    text = "/new 科工〔2026〕12号 地形图"
    await expect(left.get_by_test_id("composer")).to_have_value(text)
    await expect(left.get_by_test_id("composer")).to_be_focused()


async def test_a_pinned_phone_stays_and_the_cast_counts_what_is_unread(visit, work):
    page = await visit()
    await page.get_by_test_id("follow").click()
    right = side(page, "right")
    seated = await right.get_attribute("data-person")
    other = OFFICER if seated != str(OFFICER) else HEAD

    await work.bot.send_message(
        other, CARD, parse_mode="HTML", reply_markup=buttons([button("好", "x")])
    )

    person = page.locator(f"[data-testid=person][data-person='{other}']")
    await expect(person.get_by_test_id("badge")).to_contain_text("1")
    await expect(right).to_have_attribute("data-person", seated)
    await person.click()
    await expect(right).to_have_attribute("data-person", str(other))
    await expect(person.get_by_test_id("badge")).to_have_count(0)


async def test_commands_are_offered_while_typing_each_person_their_own(visit):
    page = await visit(f"/?as={ADMIN}")
    left = side(page, "left")

    await left.get_by_test_id("composer").fill("/")
    await expect(left.get_by_test_id("command")).to_have_text(["/statsStatistics"])
    await page.get_by_test_id("composer").first.press("Escape")
    await left.get_by_test_id("choose-person").select_option(str(OFFICER))
    await left.get_by_test_id("commands").click()
    await expect(left.get_by_test_id("command")).to_have_count(3)
    await left.get_by_test_id("composer").press("ArrowDown")
    await left.get_by_test_id("composer").press("Enter")

    await expect(left.get_by_test_id("text").get_by_text("/new", exact=True)).to_be_visible()


async def test_search_results_appear_while_typing_and_the_choice_is_posted(visit):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")
    await say(left, "/new")
    await left.get_by_role("button", name="换条目").click()
    await expect(left.get_by_test_id("composer")).to_have_value("@dingmi_demo_bot dxt")

    results = left.get_by_test_id("inline-result")
    await expect(results).to_have_count(5)
    await expect(results.first).to_contain_text("绝密 · 30 年 · dxt")
    await left.get_by_test_id("inline-more").click()
    await expect(results).to_have_count(10)
    await left.get_by_test_id("composer").press("Enter")

    await expect(left.get_by_text("通过 @dingmi_demo_bot")).to_be_visible()
    await expect(left.get_by_text("选中：KJ-005")).to_be_visible()


async def test_an_alert_waits_for_ok_and_gives_the_focus_back(visit, work):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")
    keys = buttons([button("详情", "more")])
    await work.bot.send_message(HEAD, CARD, parse_mode="HTML", reply_markup=keys)

    await left.get_by_role("button", name="详情").focus()
    await page.keyboard.press("Enter")
    await expect(left.get_by_test_id("alert")).to_contain_text("案 2026-0017")
    await page.keyboard.press("Enter")

    await expect(left.get_by_test_id("alert")).to_have_count(0)


async def test_a_tapped_button_is_busy_until_the_bot_answers(visit):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")
    await say(left, "/new")

    await left.get_by_role("button", name="取消").click()

    await expect(left.locator("[aria-busy=true]")).to_have_text("取消")


async def test_a_forced_reply_puts_the_question_over_the_composer(visit, work):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")
    await work.bot.send_message(HEAD, "案", reply_markup=buttons([button("退回", "no")]))

    await left.get_by_role("button", name="退回").click()
    await expect(left.get_by_test_id("reply-bar")).to_contain_text("请写明理由")
    await expect(left.get_by_test_id("composer")).to_be_focused()
    await expect(left.get_by_test_id("composer")).to_have_attribute(
        "placeholder", "退回理由，不超过 300 字"
    )
    await say(left, "期限不当")

    await expect(left.get_by_text("理由：期限不当")).to_be_visible()
    await expect(left.get_by_test_id("reply-bar")).to_be_hidden()


async def test_a_reply_keyboard_answers_for_the_person(visit):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")
    await say(left, "/keys")

    await left.get_by_test_id("reply-key").first.click()

    await expect(left.get_by_text("收到：是")).to_be_visible()


async def test_a_photo_can_be_tried_and_is_refused(visit, telegram):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")

    await left.get_by_test_id("attach").click()
    await page.get_by_test_id("sample-photo").click()

    await expect(left.get_by_text("请勿发送文件、图片或文稿内容")).to_be_visible()
    await expect(left.locator("img.photo")).to_have_count(0)


async def test_a_file_is_uploaded_with_its_name(visit, telegram):
    page = await visit(f"/?as={HEAD}")
    file = {"name": "人员.csv", "mimeType": "text/csv", "buffer": b"a,b"}

    await side(page, "left").get_by_test_id("file").set_input_files(file)

    await expect(side(page, "left").get_by_text("请勿发送")).to_be_visible()
    (kept,) = telegram.bot.files.values()
    assert (kept.name, kept.content) == ("人员.csv", b"a,b")


async def test_own_words_can_be_edited_replied_to_and_deleted(visit, telegram):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")
    await say(left, "一")
    own = left.locator(".message.out").last
    await expect(left.get_by_text("收到：一")).to_be_visible()

    await own.get_by_test_id("message-menu").click()
    await page.get_by_test_id("menu-edit").click()
    await say(left, "二")
    await expect(own.get_by_test_id("text")).to_have_text("二")
    await own.click(button="right")
    await page.get_by_test_id("menu-reply").click()
    await expect(left.get_by_test_id("reply-bar")).to_contain_text("二")
    await page.keyboard.press("Escape")
    await own.get_by_test_id("message-menu").click()
    await page.get_by_test_id("menu-delete").click()

    await expect(own.get_by_test_id("text")).to_have_text("/start")


async def test_protected_messages_offer_no_forwarding(visit, work):
    page = await visit(f"/?as={HEAD}")
    await work.bot.send_message(HEAD, "受保护", protect_content=True)
    message = side(page, "left").locator(".message.in").last
    await expect(message).to_contain_text("禁止转发和保存")

    await message.get_by_test_id("message-menu").click()

    await expect(page.get_by_test_id("menu-reply")).to_be_focused()
    await expect(page.get_by_test_id("menu-forward")).to_have_count(0)


async def test_the_bot_can_be_stopped_and_restarted(visit, telegram):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")

    await left.get_by_test_id("chat-menu").click()
    await page.get_by_test_id("menu-block").click()
    await expect(left.get_by_test_id("unblock")).to_be_visible()
    assert telegram.private(HEAD).blocked
    await left.get_by_test_id("unblock").click()

    await expect(left.get_by_test_id("composer")).to_be_visible()


async def test_a_deep_link_starts_as_the_person_on_the_left(visit, telegram):
    page = await visit(f"/{telegram.bot_username}?start=abc&as={HEAD}")

    await expect(side(page, "left").get_by_text("您好，已绑定。 abc")).to_be_visible()
    assert "start=" not in page.url


async def test_a_link_to_the_bot_inside_a_message_stays_on_the_page(visit):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")
    await say(left, "/link")

    await left.get_by_role("link", name="绑定").click()

    await expect(left.get_by_text("您好，已绑定。 from-link")).to_be_visible()


async def test_a_quiz_says_what_was_right(visit):
    page = await visit(f"/?as={HEAD}")
    left = side(page, "left")
    await say(left, "/quiz")

    await left.locator("[data-testid=poll-option][data-option='0']").click()

    options = left.get_by_test_id("poll-option")
    await expect(options.nth(0)).to_contain_text("错误 · 100%")
    await expect(options.nth(1)).to_contain_text("正确")
    await expect(left.get_by_text("机密级不超过 20 年")).to_be_visible()


async def test_what_people_write_is_never_markup(visit, telegram):
    telegram.add_person(HEAD, "<img src=x onerror=alert(1)>", note="<b>n</b>")
    page = await visit(f"/?as={HEAD}")
    await say(side(page, "left"), "<script>alert(1)</script><b>x</b>")

    await expect(side(page, "left").get_by_text("收到：<script>alert(1)")).to_be_visible()
    assert await page.locator(".message script, .text b, .person img").count() == 0


async def test_somebody_new_joins_from_the_page(visit, telegram):
    page = await visit()
    await page.get_by_test_id("add-person").click()
    await page.get_by_test_id("new-name").fill("孙丽华")
    await page.get_by_test_id("new-note").fill("定密责任人 · 科技处")
    await page.get_by_test_id("new-add").click()

    right = side(page, "right")
    await expect(right.get_by_test_id("note")).to_have_text("定密责任人 · 科技处")
    await right.get_by_test_id("start").click()
    await expect(right.get_by_text("您好，已绑定。")).to_be_visible()
    assert telegram.people[ADMIN + 1].first_name == "孙丽华"


async def test_a_page_without_anybody_lets_one_begin(browser):
    async with serving(Telegram(), port=0) as url:
        page = await browser.new_page()
        await page.goto(url)
        await page.wait_for_selector("html[data-ready]")
        for name in ("甲", "乙"):
            await page.get_by_test_id("add-person").click()
            await page.get_by_test_id("new-name").fill(name)
            await page.keyboard.press("Enter")
            await expect(page.locator(".person b").get_by_text(name)).to_be_visible()

        await expect(side(page, "left").get_by_test_id("start")).to_be_visible()
        await expect(side(page, "right").get_by_test_id("start")).to_be_visible()
        await page.close()


async def test_english_is_one_click_away_and_remembered(visit):
    page = await visit()
    await page.get_by_test_id("lang").click()
    await expect(page.get_by_test_id("hint")).to_contain_text("watch the phone on the right")
    await expect(page.locator("html")).to_have_attribute("lang", "en")

    await page.reload()

    await expect(page.get_by_test_id("start")).to_have_text("Start with the invitation")


async def test_the_theme_follows_the_system_until_it_is_chosen(visit):
    page = await visit(color_scheme="dark")
    desk = "getComputedStyle(document.body).backgroundColor"
    assert await page.evaluate(desk) == "rgb(11, 17, 24)"

    await page.get_by_test_id("theme").click()

    assert await page.evaluate(desk) == "rgb(232, 236, 241)"


async def test_a_small_screen_shows_one_phone_and_nothing_runs_over(visit):
    page = await visit(f"/?as={HEAD}", width=360, height=740)

    await expect(side(page, "right")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.locator(f"[data-testid=person][data-person='{OFFICER}']").click()
    await expect(side(page, "left")).to_have_attribute("data-person", str(OFFICER))
    await say(side(page, "left"), "你好")
    await expect(side(page, "left").get_by_text("收到：你好")).to_be_visible()


async def test_everything_is_reached_and_named_by_keyboard(visit):
    page = await visit(f"/?as={HEAD}")
    await say(side(page, "left"), "/new")
    await expect(side(page, "left").get_by_role("button", name="提交")).to_be_visible()

    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("button, a, input:not([hidden]), select, textarea")]
            .filter((e) => e.checkVisibility() && !(e.getAttribute("aria-label") || e.textContent.trim()))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    await side(page, "left").get_by_test_id("composer").focus()
    for _ in range(12):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.textContent") == "提交":
            break
    await page.keyboard.press("Enter")
    await expect(side(page, "left").get_by_test_id("toast")).to_have_text("已提交")


async def test_the_page_reconnects_by_itself(browser, telegram):
    page = await browser.new_page()
    async with serving(telegram, port=0) as url:
        await page.goto(url)
        await page.wait_for_selector("html[data-ready]")
    await expect(page.get_by_test_id("offline")).to_be_visible()
    telegram.say(HEAD, "meanwhile")

    async with serving(telegram, port=int(re.search(r":(\d+)$", url)[1])):
        await expect(page.get_by_test_id("offline")).to_be_hidden(timeout=8000)
        await expect(page.get_by_text("meanwhile")).to_be_visible()
        await page.close()


async def test_the_page_asks_nobody_else_for_anything(browser, address, work):
    page = await browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(address)
    await page.wait_for_selector("html[data-ready]")

    assert [url for url in asked if not url.startswith(address)] == []
    await page.close()
