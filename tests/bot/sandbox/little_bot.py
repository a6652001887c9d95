"""A bot small enough to read at a glance, with one of everything the page shows."""

import asyncio
from contextlib import asynccontextmanager, suppress

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Poll,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

DRAFTER, HEAD, OFFICER, ADMIN = 1001, 1002, 1003, 1004

CARD = """🟡 <b>待您审核</b> · 案 2026-0017
科工〔2026〕12号　<code>绝密★30年</code>
依据　KJ-002 国际领先技术的关键工艺参数
拟稿　周文博（科技处）　10:42
为什么是您：科技处负责人
时限　明日 10:42（1 个工作日）"""


def cast(telegram):
    telegram.hint = {
        "zh": "在左侧发送 `/new 科工〔2026〕12号 地形图`，然后看右侧手机。",
        "en": "Send `/new 科工〔2026〕12号 地形图` on the left, then watch the phone on the right.",
    }
    telegram.add_person(DRAFTER, "周文博", note="拟稿人 · 科技处", start_payload="invite-zhou")
    telegram.add_person(HEAD, "赵国强", note="部门负责人 · 科技处")
    telegram.add_person(OFFICER, "林秀英", note="定密责任人 · 局领导")
    telegram.add_person(ADMIN, "Chen Wei", note="管理员 · 保密办", language_code="en")
    for person in (HEAD, OFFICER, ADMIN):
        telegram.press_start(person)
    telegram.bot.queue.pending.clear()


def buttons(*rows):
    return InlineKeyboardMarkup([list(row) for row in rows])


def button(text, data=None, **more):
    return InlineKeyboardButton(text, callback_data=data, **more)


STEPS = buttons(
    (button("同意", "ok", style="success"), button("退回", "no", style="danger")),
    (button("详情", "more"), button("复制标志", copy_text=CopyTextButton("绝密★30年"))),
)


class LittleBot:
    """Answers commands, taps and inline queries until it is stopped."""

    def __init__(self, bot):
        self.bot = bot

    async def set_up(self):
        await self.bot.set_my_commands(
            [("new", "新建定密意见"), ("help", "帮助"), ("mine", "我的")]
        )
        scope = BotCommandScopeChat(ADMIN)
        await self.bot.set_my_commands([BotCommand("stats", "Statistics")], scope=scope)
        await self.bot.set_my_description("拟稿、审核、审定，都在这里完成。")

    async def run(self):
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=20):
                offset = update.update_id + 1
                await self.handle(update)

    async def handle(self, update):
        if update.callback_query:
            await self.tapped(update.callback_query)
        elif update.inline_query:
            await self.searched(update.inline_query)
        elif update.message:
            await self.told(update.message)

    async def told(self, message):
        chat, text = message.chat_id, message.text or ""
        if text.startswith("/start"):
            bound = " ".join(["您好，已绑定。", *text.split()[1:]])
            await self.bot.send_message(chat, f"{bound}\n发送 /new 开始，或看 /help 。")
        elif text.startswith("/new"):
            await self.preview(chat)
        elif text.startswith("/keys"):
            keys = ReplyKeyboardMarkup([["是", "否"]], input_field_placeholder="选一个")
            await self.bot.send_message(chat, "选择", reply_markup=keys)
        elif text.startswith("/quiz"):
            await self.quiz(chat)
        elif text.startswith("/link"):
            url = f"https://t.me/{self.bot.username}?start=from-link"
            await self.bot.send_message(chat, f'<a href="{url}">绑定</a>', parse_mode="HTML")
        elif message.via_bot:
            await self.bot.send_message(chat, f"选中：{text}")
        elif message.reply_to_message:
            await self.bot.send_message(chat, f"理由：{text}")
        elif not text:
            await message.delete()
            refusal = "⛔ 请勿发送文件、图片或文稿内容。本对话只办理定密流程，不承载涉密内容。"
            await self.bot.send_message(chat, refusal)
        else:
            quote = ReplyParameters(message.message_id)
            await self.bot.send_message(chat, f"收到：{text}", reply_parameters=quote)

    async def quiz(self, chat):
        await self.bot.send_poll(
            chat, "机密级的最长期限？", ["10 年", "20 年", "30 年"], type=Poll.QUIZ,
            correct_option_ids=[1], explanation="机密级不超过 20 年", is_anonymous=False,
        )  # fmt: skip

    async def preview(self, chat):
        text = CARD.replace("🟡 <b>待您审核</b> · 案 2026-0017", "<b>定密意见 · 待提交</b>")
        rows = buttons(
            (button("提交", "submit", style="primary"),),
            (button("换条目", switch_inline_query_current_chat="dxt"), button("取消", "cancel")),
        )
        await self.bot.send_message(chat, text, parse_mode="HTML", reply_markup=rows)

    async def tapped(self, query):
        edit = query.edit_message_text
        match query.data:
            case "submit":
                await query.answer("已提交")
                await edit("🟡 科工〔2026〕12号 等待 赵国强 审核")
                await self.bot.send_message(
                    HEAD, CARD, parse_mode="HTML", reply_markup=STEPS, protect_content=True
                )
            case "ok":
                await query.answer("已同意")
                await edit("✅ 已同意 · 案 2026-0017")
                await self.bot.send_message(OFFICER, CARD, parse_mode="HTML", reply_markup=STEPS)
            case "no":
                await query.answer()
                ask = ForceReply(input_field_placeholder="退回理由，不超过 300 字")
                await self.bot.send_message(query.from_user.id, "请写明理由", reply_markup=ask)
            case "more":
                await query.answer("案 2026-0017\n科技处 · 周文博", show_alert=True)
            case "cancel":
                pass  # never answered: the button stays busy for a while

    async def searched(self, query):
        start = int(query.offset or 0)
        found = [
            InlineQueryResultArticle(
                str(n), f"KJ-{n:03} 大比例尺地形图", InputTextMessageContent(f"KJ-{n:03}"),
                description=f"绝密 · 30 年 · {query.query}",
            )
            for n in range(start, start + 5)
        ]  # fmt: skip
        more = str(start + 5) if start < 10 else ""
        await query.answer(found, cache_time=0, is_personal=True, next_offset=more)


@asynccontextmanager
async def little_bot(url, telegram):
    """The bot at work, over HTTP, against the sandbox at ``url``."""
    async with Bot(telegram.bot_token, base_url=f"{url}/bot") as bot:
        small = LittleBot(bot)
        await small.set_up()
        task = asyncio.create_task(small.run())
        try:
            yield small
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
