"""What ``dingmi COMMAND`` does: one module a command, each with ``async def main(shell, args)``."""
