# All words of the command line

## Help
cli-help-dingmi = Classification determination in a chat: propose by the guide, endorse, sign.
cli-help-usage = usage:{" "}
cli-help-arguments = arguments
cli-help-options = options
cli-help-commands = commands
cli-help-help = show this help
cli-help-demo = try it: one determination in the browser, without a Telegram account
cli-help-sandbox = start a stand-in for Telegram alone
cli-help-run = run the bot until Ctrl-C
cli-help-migrate = bring the database up to date
cli-help-import = import people, officers or a classification guide (CSV, XLSX)
cli-help-import-people = import people and departments
cli-help-import-officers = import the officers' appointments
cli-help-import-guide = import an edition of the guide
cli-help-invite = make one-time invitations, a line each: code, name, link
cli-help-unbind = take people's accounts away and route again what waits for them
cli-help-search = find items of the guide in force
cli-help-check = look at settings, database, token, clock and people
cli-help-ledger = the hash chains of the history
cli-help-ledger-verify = verify the whole history line by line, with what signatures rest on, and name the first misfit
cli-help-fingerprint = also verify that the history still begins as when this was noted
cli-help-port = the port (0: any free one)
cli-help-host = the address to bind
cli-help-allow-remote = allow an address that other machines can reach
cli-help-database = use this database instead of a temporary file
cli-help-no-browser = do not open a browser
cli-help-lang = the language to show
cli-help-file = a CSV or XLSX file
cli-help-dry-run = only check, and say what would change
cli-help-edition = the edition's name, e.g. 2026
cli-help-effective = when it takes effect, e.g. 2026-01-01
cli-help-disclosure = whether a chat may show its wording (open) or only codes and categories (codes, the default)
cli-help-publish = publish it at once; else it is a draft
cli-help-codes = people's codes
cli-help-all = everybody without an account
cli-help-text = words, a code, pinyin or initials
cli-help-json = write JSON
cli-help-limit = show at most this many

## Wrong usage
cli-usage-missing = missing: { $what }
cli-usage-unknown = not understood: { $what }
cli-usage-choice = { $where } cannot be “{ $what }”
cli-usage-value-missing = { $where } needs a value
cli-usage-value-bad = “{ $what }” is no value for { $where }
cli-usage-together = { $where } and { $what } do not go together
cli-usage-wrong = wrong usage: { $what }

## Settings
cli-setting-misspelt = There is no setting { $name }; did you mean { $nearest }?
cli-setting-unknown = There is no setting { $name }.
cli-setting-bad = The value of { $name } cannot be used: { $needs }.
cli-setting-needs-file-env = the file must be UTF-8
cli-setting-needs-bot_token = it must be the token from @BotFather, digits:letters and digits
cli-setting-needs-bot_api_url = it must be an address that begins with http:// or https://
cli-setting-needs-database_url = it must be sqlite://FILE or postgres://user:password@host/name
cli-setting-needs-http_host = it must be an address of this machine
cli-setting-needs-http_port = it must be a whole number from 0 to 65535
cli-setting-needs-public_url = it must be an address that begins with http:// or https://
cli-setting-needs-webhook_secret = it must be 1 to 256 letters, digits, _ or -
cli-setting-needs-time_zone = it must be the name of a time zone, e.g. Asia/Shanghai
cli-setting-needs-language = it must be zh or en
cli-setting-needs-training_months = it must be a whole number from 1 to 120
cli-setting-needs-log_format = it must be auto, json or text
cli-setting-needs-log_level = it must be DEBUG, INFO, WARNING or ERROR

## Refusals
cli-failed = Ended by an error, not finished; the log says more.
cli-refused = Not done ({ $code }).
cli-refused-token_missing = DINGMI_BOT_TOKEN is not set. Without a token, try: dingmi demo
cli-refused-token_refused = Telegram does not know the token in DINGMI_BOT_TOKEN.
cli-refused-telegram_unreachable = Telegram cannot be reached: { $error }
cli-refused-port_taken = Cannot bind { $host }:{ NUMBER($port, useGrouping: 0) }; the port may be taken. Choose another with DINGMI_HTTP_PORT or --port.
cli-refused-database_unreachable = The database of DINGMI_DATABASE_URL cannot be opened ({ $kind }).
cli-refused-database_in_use = Another process uses { $path }. SQLite serves one process: stop the other, or use PostgreSQL.
cli-refused-remote_refused = { $host } can be reached from other machines. The stand-in for Telegram has no protection at all; if you mean it, add --allow-remote.
cli-refused-not_a_demo = This database holds other people; the demo does not mix with them. Use an empty one.
cli-refused-unknown_people = Nobody has the code { $codes }. Nothing was done.
cli-refused-no_guide = No edition of the guide is in force. Import and publish one first: dingmi import guide
cli-refused-import_refused = { $count ->
    [one] { $file } has one mistake; nothing was imported.
   *[other] { $file } has { $count } mistakes; nothing was imported.
}
cli-refused-database_missing = The database file { $file } does not exist. Check DINGMI_DATABASE_URL and the folder; for a new installation run dingmi migrate first.
cli-refused-edition_exists = “{ $edition }” is published or cited and cannot change. Use a new name for the edition.

## Database
cli-migrated = Applied: { $name }
cli-migrated-already = The database is up to date.

## Import
cli-import-progress = Importing
cli-import-line = line { NUMBER($line, useGrouping: 0) }
cli-import-done = { $rows ->
    [one] Imported, 1 row.
   *[other] Imported, { $rows } rows.
}
cli-import-dry = { $rows ->
    [one] Nothing wrong, 1 row; nothing was written.
   *[other] Nothing wrong, { $rows } rows; nothing was written.
}
cli-import-edition-published = Edition { $edition }: published
cli-import-edition-draft = Edition { $edition }: a draft (--publish publishes it)
cli-import-added = added { $count }: { $codes }
cli-import-changed = changed { $count }: { $codes }
cli-import-dropped = dropped { $count }: { $codes }
cli-import-unchanged = unchanged { $count }
cli-import-departments = departments created or moved { $count }: { $codes }
cli-import-rerouted = { $count ->
    [one] One case that nobody could sign is on its way again.
   *[other] { $count } cases that nobody could sign are on their way again.
}
cli-bad-file_unreadable = cannot be read: { $why ->
    [not_found] no such file
    [not_opened] it cannot be opened
    [encoding] it is neither UTF-8 nor GB18030
   *[not_a_table] it is no CSV or XLSX table
}
cli-bad-file_too_large = the file is larger than { $limit_mb } MB
cli-bad-file_empty = the file is empty
cli-bad-quotes_broken = a quotation mark is not closed
cli-bad-no_header = there is no header; expected: { $expected }
cli-bad-no_rows = there is nothing below the header
cli-bad-missing_column = this column is missing ({ $name })
cli-bad-extra_column = an extra column
cli-bad-repeated_column = this column appears twice ({ $name })
cli-bad-extra_cell = a cell beyond the header
cli-bad-cell_empty = must not be empty
cli-bad-cell_too_long = { $length } characters, at most { $limit } are allowed
cli-bad-nothing_above = 同上 (ditto) with nothing above it
cli-bad-duplicate_code = { $value } repeats line { NUMBER($first, useGrouping: 0) }
cli-bad-unknown_role = “{ $value }” is no role
cli-bad-parent_contradicts = the parent of { $department } is { $value } here, { $other } in line { NUMBER($first, useGrouping: 0) }
cli-bad-unknown_department = there is no department “{ $value }”
cli-bad-department_cycle = departments above each other: { $departments }
cli-bad-unknown_kind = neither statutory nor designated: { $value }
cli-bad-document_no_missing = a designated officer needs the number of the designating document
cli-bad-duplicate_appointment = { $value } has the same kind of appointment in line { NUMBER($first, useGrouping: 0) }
cli-bad-unknown_level = “{ $value }” is no level
cli-bad-not_a_ceiling = a ceiling is 绝密, 机密 or 秘密, not { $level }
cli-bad-all_and_more = “*” covers all departments, name no others: { $value }
cli-bad-not_a_date = “{ $value }” is no date
cli-bad-dates_reversed = ends ({ $valid_until }) before it begins ({ $valid_from })
cli-bad-date_in_future = the training of { $value } has yet to happen
cli-bad-unknown_person = nobody has the code { $value }
cli-bad-ceiling_too_high = the ceiling { $level } is above the statutory officer's, { $most }
cli-bad-ceiling_below_designated = the ceiling { $level } is below that of designated officers: { $codes }
cli-bad-term_missing = { $level } needs a term
cli-bad-term_not_allowed = { $level } has no term: { $value }
cli-bad-term_not_understood = “{ $value }” is no term
cli-bad-term_too_long = { $level } lasts at most { $years } years: { $value }
cli-bad-long_term_without_basis = { $level } 长期 (long-term) needs a basis
cli-bad-edition_name_invalid = an edition's name has 1 to { $limit } characters
cli-remark-department_not_listed = Note: { $rows } rows name departments that are not in the list: { $codes }
cli-remark-effective_later = Note: { $codes } takes effect on { $effective_on }
cli-remark-older_than_in_force = Note: { $codes }, now in force, took effect later; this edition will not replace it
cli-remark-no_statutory_officer = Note: there is no statutory officer
cli-remark-training_not_valid = Note: { $count } officers without valid training cannot sign: { $codes }

## Invitations, unbinding, search, ledger
cli-invite-nobody = Everybody has an account.
cli-unbound = { $code } { $name }: the account is unbound, and open invitations are void.
cli-unbound-already = { $code } { $name }: there was no account; open invitations are void.
cli-unbound-rerouted = { $count ->
    [one] One case was routed again.
   *[other] { $count } cases were routed again.
}
cli-search-nothing = Nothing found.
cli-ledger-whole = All fits: { $cases } cases, { $lines } lines.
cli-ledger-fingerprint = Fingerprint, to be noted outside: { $fingerprint }
cli-ledger-another = The history does not begin as when this was noted: { $noted }
cli-ledger-broken = Misfit: case { $case }, line { NUMBER($line, useGrouping: 0) }: { $why }.
cli-broken-line_missing = a line is missing
cli-broken-hash_differs = the hash differs, the content was altered
cli-broken-case_differs = the case's state is not what its history says
cli-broken-register_differs = the register is not what the history says
cli-broken-evidence_missing = what the signature rested on is not recorded
cli-broken-item_differs = the cited item is not what it was at the signature
cli-broken-edition_differs = the cited edition is not what it was at the signature
cli-broken-appointment_differs = the officer's appointment is not what it was at the signature
cli-broken-people_differ = the people are not those of the signature
cli-broken-number_missing = a number is missing, a case or determination was deleted

## Demo
cli-demo-starting = Preparing the demo…
cli-demo-ready =
    Open { $url }
    On the left 周文博, who drafts; on the right whoever acts next. Ctrl-C ends it.
cli-demo-hint = On the left phone send `/new 科工〔{ $year }〕12号 工艺参数` and tap Submit; the right one turns to whoever acts next: Endorse, then Approve.
cli-demo-stopped = Ended.
cli-sandbox-ready =
    The stand-in for Telegram is at { $url }
    Connect a bot to it:
      DINGMI_BOT_API_URL={ $url } DINGMI_BOT_TOKEN={ $token } dingmi run
    Ctrl-C ends it.

## Check
cli-check-good = ✔ good
cli-check-note = ⚠ note
cli-check-bad = ✘ to mend
cli-check-settings = settings: set are { $names }
cli-check-settings-none = settings: all are defaults
cli-check-database = database: answers, { $version }
cli-check-database-missing = database: { $path } does not exist yet; run dingmi migrate
cli-check-database-unreachable = database: cannot be opened ({ $kind })
cli-check-migrations = schema: up to date
cli-check-migrations-pending = schema: { $names } pending; run dingmi migrate
cli-check-token = token: @{ $username }
cli-check-token-missing = token: DINGMI_BOT_TOKEN is not set
cli-check-token-refused = token: Telegram does not know it
cli-check-telegram-unreachable = token: Telegram cannot be reached ({ $error })
cli-check-webhook = updates: by webhook, { $pending } waiting
cli-check-webhook-none = updates: by polling, { $pending } waiting
cli-check-webhook-other = updates: the webhook registered is not below DINGMI_PUBLIC_URL
cli-check-webhook-left = updates: polling is meant, but a webhook is registered; dingmi run removes it
cli-check-webhook-unset = updates: no webhook is registered yet; dingmi run registers it
cli-check-webhook-error = updates: Telegram's last call of the webhook failed at { $at }
cli-check-clock-telegram = clock: { $seconds } s from Telegram's
cli-check-clock-database = clock: { $seconds } s from the database's
cli-check-people = people: { $count }, all have accounts
cli-check-people-none = people: none yet; run dingmi import people
cli-check-people-unbound = people: { $count } without an account: { $codes }
cli-check-people-unreachable = people: { $count } cannot be reached: { $codes }
cli-check-signers = signing: today somebody can sign every level of every department
cli-check-signers-missing = signing: today nobody can sign for { $department }: { $levels }
cli-check-guide = guide: { $edition } in force, { $count } items, { $disclosure ->
    [open] its wording may be shown in chat
   *[codes] chats show only codes and categories
}
cli-check-guide-none = guide: no edition in force; run dingmi import guide
cli-check-queues = queues: { $inbox } to handle, { $outbox } to send
cli-check-parked = queues: { $count ->
    [one] one update failed and is parked
   *[other] { $count } updates failed and are parked
} (number:reference in the log): { $references }
cli-check-given-up = queues: given up in the last 7 days, kind:count: { $kinds }
cli-check-card-given-up = cases: { $case } waits for { $code }, who never got the card
