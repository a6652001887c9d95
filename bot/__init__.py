"""The chat side of Dingmi, its command line and the composition root (:mod:`bot.runtime`)."""
