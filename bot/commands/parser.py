"""The grammar of the command line."""

import argparse
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NoReturn

from bot.texts import Texts

#: What argparse has to say, and our words for it.
COMPLAINTS: Final = (
    (r"the following arguments are required: (?P<what>.+)", "cli-usage-missing"),
    (r"one of the arguments (?P<what>.+) is required", "cli-usage-missing"),
    (r"unrecognized arguments: (?P<what>.+)", "cli-usage-unknown"),
    (r"argument (?P<where>.+?): invalid choice: '(?P<what>.*?)'.*", "cli-usage-choice"),
    (r"argument (?P<where>.+?): expected .+ arguments?", "cli-usage-value-missing"),
    (r"argument (?P<where>.+?): invalid .+ value: '(?P<what>.*)'", "cli-usage-value-bad"),
    (r"argument (?P<where>.+?): not allowed with argument (?P<what>.+)", "cli-usage-together"),
)


class Parser(argparse.ArgumentParser):
    """argparse that explains itself in the reader's language."""

    def __init__(self, texts: Texts, **options: Any) -> None:
        super().__init__(**options, add_help=False, allow_abbrev=False)
        self.texts = texts
        self._positionals.title = texts("cli-help-arguments")
        self._optionals.title = texts("cli-help-options")
        self.add_argument("-h", "--help", action="help", help=texts("cli-help-help"))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the usage, and how it goes; exit status 2."""
        words = self.texts("cli-usage-wrong", what=message)
        for pattern, key in COMPLAINTS:
            if found := re.fullmatch(pattern, message):
                words = self.texts(key, **found.groupdict())
        self.exit(2, f"{words}\n{self.format_usage()}")

    def format_usage(self) -> str:
        """How the command goes, without argparse's English label."""
        return self._in_words(super().format_usage())

    def format_help(self) -> str:
        """The whole help, likewise."""
        return self._in_words(super().format_help())

    def _in_words(self, text: str) -> str:
        return text.replace("usage: ", self.texts("cli-help-usage"), 1)


class Grammar:
    """Builds the parser; every help line is the text ``cli-help-COMMAND`` or ``…-OPTION``."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.parser = Parser(texts, prog="dingmi", description=texts("cli-help-dingmi"))
        self._commands = self._below(self.parser, "command")

    def command(self, name: str) -> Parser:
        """Add the command ``name``."""
        return self._add(self._commands, name, name)

    def below(self, parent: Parser, name: str, dest: str) -> Parser:
        """Add ``name`` as the second word of a command."""
        if not hasattr(parent, "second"):
            parent.second = self._below(parent, dest)  # type: ignore[attr-defined]  # kept with its owner
        return self._add(parent.second, name, f"{parent.prog.split()[-1]}-{name}")  # type: ignore[attr-defined]  # set above

    def option(self, parser: argparse._ActionsContainer, *names: str, **how: Any) -> None:
        """Add an option or argument with its help."""
        key = "cli-help-" + (how.get("dest") or names[0]).strip("-").replace("_", "-").lower()
        parser.add_argument(*names, help=self.texts(key), **how)

    def _below(self, parent: Parser, dest: str) -> Any:
        title = self.texts("cli-help-commands")
        return parent.add_subparsers(dest=dest, required=True, title=title, metavar="COMMAND")

    def _add(self, group: Any, name: str, key: str) -> Parser:
        words = self.texts(f"cli-help-{key}")
        made: Parser = group.add_parser(name, texts=self.texts, help=words, description=words)
        return made


def parser(texts: Texts) -> Parser:
    """The whole grammar, in one place."""
    grammar = Grammar(texts)
    _processes(grammar)
    _imports(grammar)
    option = grammar.option
    invite = grammar.command("invite")
    who = invite.add_mutually_exclusive_group(required=True)
    option(who, "codes", nargs="*", metavar="CODE", default=[])
    option(who, "--all", action="store_true")
    option(grammar.command("unbind"), "codes", nargs="+", metavar="CODE")
    search = grammar.command("search")
    option(search, "text", nargs="+", metavar="TEXT")
    option(search, "--json", action="store_true")
    option(search, "--limit", type=_positive, default=10, metavar="N")
    grammar.command("check")
    verify = grammar.below(grammar.command("ledger"), "verify", "what")
    option(verify, "--fingerprint", metavar="NOTED")
    return grammar.parser


def _processes(grammar: Grammar) -> None:
    option = grammar.option
    demo = grammar.command("demo")
    option(demo, "--port", type=_port, metavar="N")
    option(demo, "--database", metavar="URL")
    option(demo, "--no-browser", action="store_true")
    option(demo, "--lang", choices=("zh", "en"))
    sandbox = grammar.command("sandbox")
    option(sandbox, "--host", default="127.0.0.1")
    option(sandbox, "--port", type=_port, default=8081, metavar="N")
    option(sandbox, "--allow-remote", action="store_true")
    grammar.command("run")
    grammar.command("migrate")


def _imports(grammar: Grammar) -> None:
    option = grammar.option
    imports = grammar.command("import")
    for table in ("people", "officers", "guide"):
        below = grammar.below(imports, table, "table")
        option(below, "file", metavar="FILE")
        option(below, "--dry-run", action="store_true")
    option(below, "--edition", required=True, metavar="NAME")
    option(below, "--effective", required=True, type=date.fromisoformat, metavar="DATE")
    option(below, "--disclosure", choices=("open", "codes"), default="codes")
    option(below, "--publish", action="store_true")


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:  # noqa: PLR2004 - what a port is
        raise ValueError(text)
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def parse(texts: Texts, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command as given; exits with status 2 and a sentence when it is none."""
    return parser(texts).parse_args(arguments)
