"""Sweeps: each looks for what is due, checks again, acts; running one twice does no harm."""

import logging

from models import inbox, menus, telling, workflow

log = logging.getLogger(__name__)


async def reroute_waiting() -> None:
    """Send cases that nobody could sign to whoever can by now."""
    if moved := await workflow.reroute_waiting():
        log.info("rerouted %d cases", moved)


async def announce_edition() -> None:
    """Tell open cases that another edition of the guide has taken effect."""
    if touched := await telling.announce_edition():
        log.info("another edition is in force: %d open cases cite an older one", touched)


async def refresh_menus() -> None:
    """Give everybody the commands that their roles have by now."""
    if owed := await menus.refresh_menus():
        log.info("%d command menus are owed", owed)


async def forget_updates() -> None:
    """Let go of updates that Telegram cannot deliver again."""
    if forgotten := await inbox.forget_done():
        log.info("%d updates are forgotten", forgotten)
