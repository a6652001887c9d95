"""Everybody's own language: cards, menus, toasts; the whole way in English."""

import re

from models import office
from models.people import Person
from models.proposal import Proposal, State

HAN = re.compile(r"[\u4e00-\u9fff]")
#: Data and law words that stay as they are: names, document numbers, levels in markings, wording.
DATA = re.compile(r"科工|号|定〔|绝密|机密|秘密|周文|赵国|林秀|科技处|局领导|年|版|国际领先技术的关键工艺参数|科技/工艺"
                  r"|项目组经批准人员|演示目录（虚构）|请选择语言|语言|中文|关键工艺|个月|附件未列")  # fmt: skip


def only_english(phone):
    for text in phone.texts:
        assert not HAN.search(DATA.sub("", text)), text


async def speak_english(house, cast):
    await Person.all().update(language="en")
    return house.phones_of(cast.drafter, cast.head, cast.officer)


async def test_a_language_is_chosen_with_two_taps_and_changes_everything(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    card = head.posts[0]
    await head.says("/language")
    assert head.last == "请选择语言 / Choose a language"
    await head.taps("English")
    assert head.toast == "English from now on."
    assert head.last == "English from now on."
    assert head.commands["inbox"] == "What waits for me"
    [card] = [post for post in head.posts if post["message_id"] == card["message_id"]]
    assert card["text"].startswith(f"🟡 For your review · case {case.number}")
    await head.taps("Endorse")
    assert head.toast == "Endorsed · with 林秀 for approval"
    await head.says("/language")
    await head.taps("中文")
    assert head.commands["inbox"] == "待我办的"
    assert head.posts[0]["text"].startswith("✅ 已同意")


async def test_a_new_language_redraws_a_draft_from_its_next_step(house, cast):
    drafter = house.phone(cast.drafter)
    await drafter.says("/new 科工〔2026〕12号 关键工艺", "/language")
    await drafter.taps("English")
    await drafter.says("/new")
    assert drafter.last.startswith("You have one that is not submitted yet:\nProposal")


async def test_the_whole_way_in_english(house, cast):
    drafter, head, officer = await speak_english(house, cast)
    await drafter.says("/help", "/mine", "/new", "科工〔2026〕12号", "kj")
    await drafter.taps("1. KJ-002", "Change term", "10年", "Add title")
    await drafter.says("notice")
    await drafter.taps("Submit")
    assert drafter.toast.startswith("Submitted · case ")
    assert head.last.startswith("🟡 For your review · case ")
    assert head.buttons == ["Endorse", "Return", "Details"]
    await head.taps("Return", "Other…")
    await head.says("annex missing")
    assert "赵国: Other (annex missing)" in drafter.last
    await drafter.taps("Revise", "Resubmit")
    await head.replies("endorse")
    assert head.last == "Endorsed · with 林秀 for approval"
    await officer.taps("Details", "Back", "Approve")
    assert officer.toast.startswith("Approved · 定〔")
    assert drafter.last.startswith("✅ 科工〔2026〕12号 approved\nPrint this marking: 绝密★10年")
    await drafter.says("/inbox", "/mine", "/cancel", "/nonsense", "hello")
    assert (await Proposal.get()).state is State.EFFECTIVE
    for phone in (drafter, head, officer):
        only_english(phone)


async def test_refusals_and_toasts_are_english_too(house, cast):
    drafter, head, _ = await speak_english(house, cast)
    case = await house_submits(drafter)
    await drafter.taps("Nudge", "Nudge")
    assert drafter.toast.startswith("Nudged already; again possible after ")
    assert "⏰ Nudged by 周文" in head.last
    await head.says("/new")
    assert head.last.startswith("Your roles do not include this (needed: drafter).")
    assert await drafter.forges(f"s:{case.id}:endorse:1") == "This case is now with the head."
    await drafter.taps("Withdraw", "Yes, withdraw")
    card = head.holding("Details")["message_id"]
    toast = await head.forges(f"s:{case.id}:endorse:1", card)
    assert toast.startswith("Already withdrawn by 周文 at ")
    for phone in (drafter, head):
        only_english(phone)


async def house_submits(drafter):
    await drafter.says("/new 科工〔2026〕12号 关键工艺")
    await drafter.taps("Submit")
    return await Proposal.get()


async def test_a_stranger_reads_the_language_of_the_office(house):
    office.use(office.Office(language="en"))
    stranger = house.stranger(6001, language="zh-hans")
    await stranger.says("你好")
    assert stranger.last.startswith("Your account is not bound.")
