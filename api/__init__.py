"""The HTTP side of Dingmi: health, the webhook route and, later issues say, the resources."""
