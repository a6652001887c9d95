"""Sweeps: each looks for what is due, checks again, acts; running one twice does no harm."""

import logging

from models import workflow

log = logging.getLogger(__name__)


async def reroute_waiting() -> None:
    """Send cases that nobody could sign to whoever can by now."""
    if moved := await workflow.reroute_waiting():
        log.info("rerouted %d cases", moved)
