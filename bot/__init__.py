"""The chat side of Dingmi, its command line and the composition root (:mod:`bot.runtime`)."""

import os

# python-telegram-bot: a time span is a timedelta, not a number with a deprecation warning
os.environ.setdefault("PTB_TIMEDELTA", "true")
