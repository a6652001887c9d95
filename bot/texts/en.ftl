# Every sentence that drafters, heads, officers and administrators read in the chat.

## Words
level-TOP_SECRET = 绝密 (top secret)
level-SECRET = 机密 (secret)
level-CONFIDENTIAL = 秘密 (confidential)
level-WORK_SECRET = work secret
level-UNCLASSIFIED = unclassified
reason-level_too_high = Level too high
reason-level_too_low = Level too low
reason-term_wrong = Term wrong
reason-wrong_item = Wrong item
reason-scope_too_wide = Access scope too wide
reason-should_be_unclassified = Should be unclassified
reason-other = Other
reason-with = { $reason } ({ $comment })
no-basis-no_item = No matching item in the guide
no-basis-below_threshold = Below the item's threshold
no-basis-must_be_public = Must be public by law
no-basis-already_public = Already public
party-system = system
role-drafter = drafter
role-head = head
role-admin = administrator
role-custodian = custodian
role-officer = classification officer
did-submit = submitted
did-endorse = endorsed
did-approve = approved
did-return = returned
did-resubmit = resubmitted
did-withdraw = withdrawn
did-nudge = nudged
did-reroute = routed again
unfit-same_person = took part in this case already
unfit-not_in_force = appointment not in force
unfit-department = department not covered
unfit-ceiling = ceiling too low
unfit-untrained = no valid training
unfit-away = away
unfit-no_account = no account bound
unfit-unreachable = cannot be reached
today-at = today { $time }
tomorrow-at = tomorrow { $time }
nobody = (nobody yet)
separator = {"; "}

## Buttons
button-submit = Submit
button-resubmit-now = Resubmit
button-cancel = Cancel
button-endorse = Endorse
button-approve = Approve
button-return = Return
button-withdraw = Withdraw
button-withdraw-sure = Yes, withdraw
button-nudge = Nudge
button-resubmit = Revise
button-details = Details
button-back = Back
button-next = Next ({ $count })
button-other = Other…
button-copy-marking = Copy marking
button-term = Change term
button-item = Change item
button-reason = Change reason
button-document = Number
button-clear = Remove
button-title = { $set ->
    [yes] Change title
   *[no] Add title
  }
button-note = { $set ->
    [yes] Change note
   *[no] Add note
  }
button-more = More
button-unclassified = Unclassified
button-work_secret = Work secret
button-new = New proposal
button-inbox = Inbox
button-mine = Mine
button-restart = Start again
button-open = { $number } · { $document }

## Command menu
command-new = New proposal
command-mine = What I drafted
command-inbox = What waits for me
command-cancel = Drop what I began
command-language = Language / 语言
command-help = Help
command-start = Start

## Cards
card-head-turn = 🟡 For your review · case { $number }
card-officer-turn = 🟡 For your approval · case { $number }
card-waiting-head = 🟡 With { $name } for review · case { $number }
card-waiting-officer = 🟡 With { $name } for approval · case { $number }
card-endorsed = ✅ Endorsed · case { $number } · with { $name }
card-unroutable = 🟡 No officer can sign this at present. The secrecy office has been told; it will be sent on by itself as soon as somebody can.
card-unroutable-head = 🟡 Neither your department nor one above it has a head. The secrecy office has been told; it will be sent on by itself as soon as there is one.
card-unroutable-case = Case { $number }
card-returned-drafter = ↩️ Returned · { $document }
card-returned = ↩️ Returned · case { $number }
card-returned-by = { $name }: { $reason }
card-withdrawn = Withdrawn · case { $number }
card-approved-drafter = ✅ { $document } approved
card-approved = ✅ Approved · case { $number } · { $determination }
card-print = Print this marking: <code>{ $marking }</code>
card-print-none = { $outcome }: no state-secret marking
card-determination = Number <code>{ $determination }</code>
card-document = <code>{ $document }</code> · { $outcome }
card-title = Title: { $title }
card-note = Note: { $note }
card-basis = Basis: <code>{ $code }</code> { $label }
card-no-basis = Reason: { $reason }
card-changed = Changed: { $changes }
card-drafter = Drafted by { $name } ({ $department }) { $at }
card-head = Reviewed ✅ { $name } { $at }
card-why = Why you: { $why }
card-due = Due { $at } ({ $days ->
    [one] 1 working day
   *[other] { $days } working days
  })
card-overdue = ⏰ Overdue since { $at }
card-nudged = ⏰ Nudged by { $name } { $at }
card-item-changed = ⛔ The guide in force has changed the cited item: return it, it must be resubmitted
card-item-dropped = ⛔ The guide in force has dropped the cited item: return it, it must be resubmitted
card-retired = ↓ The newest card is below · case { $number }
trail-submit = drafted { $name } { $at }
trail-resubmit = resubmitted { $name } { $at }
trail-endorse = endorsed { $name } { $at }
trail-approve = approved { $name } { $at }
trail-approve-for = approved { $name } (for { $absent }) { $at }
trail-return = returned { $name } { $at }
trail-withdraw = withdrawn { $name } { $at }
why-head = head of { $department }
why-head_above = head of { $department } (the department above)
why-designated = ceiling { $ceiling }, covers { $department }
why-statutory = statutory officer, ceiling { $ceiling }
why-on-behalf = on behalf of { $name }
why-direct-drafter_is_head = the drafter heads the department and nobody heads one above: straight to the officer
why-passed = { $code } { $problem }
outcome-unclassified = Unclassified
outcome-work_secret = Work secret
change-level = level { $old } → { $new }
change-term = term { $old } → { $new }
change-item = item { $old } → { $new }
change-document_no = document number { $old } → { $new }
change-none = nothing
none = none

## Details
details-head = Case { $number } · { $document }
details-outcome = Proposed: { $outcome }
details-scope = Access scope: { $scope }
details-category = Category: { $category }
details-matter = Matter: { $matter }
details-edition = Edition: { $edition }
details-source = Source: { $basis }
details-codes = (this edition shows codes and categories only)
details-history = History
details-line = { $at } · { $name } { $did }
details-line-reason = { $at } · { $name } { $did }: { $reason }
details-line-comment = { $at } · { $name } { $did }: { $reason } ({ $comment })
details-more-lines = ({ $count ->
    [one] 1 earlier line
   *[other] { $count } earlier lines
  })

## Returning and withdrawing
return-which = Why is it returned?
return-sentence = Say in one sentence why it is returned (at most { $limit } characters, nothing of the document). Case { $number }. To keep it, send /cancel.
return-placeholder = Reason
withdraw-sure = A withdrawn case is closed for good. Withdraw it?

## Drafting
draft-document = Send the document number, for example <code>科工〔2026〕12号</code>.
draft-item = <code>{ $document }</code>
    Type a few characters to find the item: words, code, pinyin or initials.
draft-results = <code>{ $document }</code> · “{ $query }”. If none fits, send another word.
draft-result = { $place }. <code>{ $code }</code> { $label } · { $outcome }
draft-no-results = <code>{ $document }</code> · nothing found for “{ $query }”.
    Try another word; if the guide really has no item, choose Unclassified or Work secret.
draft-codes-only = This edition can be searched by code and category only.
draft-no-more = No more results. Try another word, or choose Unclassified or Work secret.
draft-reason = <code>{ $document }</code> · Unclassified
    Choose the reason:
draft-term = The item's term is { $most }. Send a term such as 5年, 18个月, 2030-01-01; never longer than the item's, nor than the law allows.
draft-title = Send a neutral title (at most { $limit } characters, nothing of the document).
draft-note = Send a note (at most { $limit } characters, nothing of the document).
draft-resume = You have one that is not submitted yet:
preview-head = Proposal · not submitted yet
preview-revise = Proposal · revised, to be resubmitted · case { $number }
preview-returned = ↩️ { $name }: { $reason }
preview-document = Document: <code>{ $document }</code>
preview-duplicate = Note: this document number already has case { $number } ({ $state })
preview-outcome = Proposed: <b>{ $outcome }</b>
preview-basis = Basis: <code>{ $code }</code> { $label } ({ $edition })
preview-scope = Access scope: { $scope }
preview-route = Way: { $head } reviews → { $officer } approves
preview-route-direct = Way: { $officer } approves (directly)
preview-route-no-head = Way: neither your department nor one above has a head; it will wait for one
preview-route-nobody = Way: { $head } reviews → no officer can sign at present
preview-person = { $name } ({ $department })
cancelled = Dropped.
return-dropped = Not returned; the case still waits for you.
reply-help = That was not understood. Reply endorse, approve, or return term wrong; or use the buttons of the card.
nothing-to-cancel = There is nothing to drop.
submitted-toast = Submitted · case { $number }
state-waiting_head = waits for review
state-waiting_officer = waits for approval
state-unroutable = waits to be sent on
state-returned = returned
state-withdrawn = withdrawn
state-effective = in effect

## Lists
inbox-empty = Nothing waits for you.
inbox-head = Waiting for you: { $count }
inbox-line = { $place }. <code>{ $document }</code> · { $outcome } · { $drafter } · { $at }
list-first = (the first { $count } only)
mine-empty = You have not drafted anything yet. Begin with /new.
mine-head = What you drafted
mine-line = { $icon } <code>{ $document }</code> · { $outcome } · { $state }

## Greeting and help
welcome = Hello { $name }. Your account is bound: { $roles } ({ $department }).
    This chat carries the workflow only, never classified content: send no files, pictures or text of documents.
help-head = Dingmi · { $name } ({ $department })
help-new = /new NUMBER WORDS — a proposal in one message; /new alone asks step by step
help-mine = /mine — what I drafted, and how far it is
help-inbox = /inbox — what waits for me
help-cancel = /cancel — drop what I began
help-language = /language — language
help-typed = You may also reply to a card: endorse, approve, return term wrong
help-admin = Administrators: import people, officers and the guide on the command line; invite with dingmi invite
help-limit = Send no files, pictures, text of documents or markings; a title has at most 60 characters.
language-which = Choose a language / 请选择语言
language-set = English from now on.

## Toasts
plain = { $words }
toast-endorsed = Endorsed · with { $name } for approval
toast-endorsed-nobody = Endorsed · no officer can sign at present, the secrecy office has been told
toast-approved = Approved · { $determination }
toast-returned = Returned · { $name }
toast-withdrawn = Withdrawn
toast-nudged = { $name } has been nudged
toast-draft-first = You have one that is not submitted yet: submit it or cancel it first.
toast-nothing-more = Nothing waits for you.
toast-dead = This button does not work. See /help for what you can do.
toast-failed = ⛔ This failed and was recorded (number { $reference }). Nothing was done; please try again later.

## Administrators
admin-unroutable = 🟡 Case { $number }: no officer can sign it
admin-unroutable-head = 🟡 Case { $number }: neither { $department } nor a department above it has a head, so nobody can review it. Appoint one; it is sent on by itself then.
admin-unroutable-line = { $code }: { $problem }
admin-unroutable-more = and { $count } more
admin-unroutable-none = There is no classification officer at all.
admin-unroutable-todo = It is sent on by itself as soon as somebody can. Check appointments, training and accounts (dingmi check).
admin-unreachable = ⛔ { $code } cannot be reached (the account is closed or has blocked the bot). Routing avoids them until they are back.

## Refusals
refusal-not_bound = Your account is not bound. Ask the secrecy office of your unit for an invitation link.
refusal-not_allowed = Your roles do not include this (needed: { $needs ->
    [drafter] drafter
    [head] head
    [admin] administrator
   *[other] another role
  }). Ask the secrecy office.
refusal-invite_invalid = The invitation is not valid: used, expired or incomplete. Ask the secrecy office for a new one.
refusal-account_taken = This account is bound to somebody else. Ask the secrecy office.
refusal-case_not_found = There is no such case, or it is not yours to see.
refusal-not_your_turn = This case is now with the { $waits_for ->
    [drafter] drafter
    [head] head
   *[officer] classification officer
  }.
refusal-no_such_step = As the case stands this cannot be done. See its newest card.
refusal-already_moved = Already { $did } by { $by } at { $at }
refusal-stale_card = This card is out of date; the newest one is below
refusal-stale_draft = This button is out of date; use the last message.
refusal-no_draft = There is nothing to go on with. Begin with /new.
refusal-document_no_invalid = A document number is needed, of at most { $limit } characters. Please send it again.
refusal-basis_missing = A classified outcome needs an item of the guide in force. Choose an item again; without one only Unclassified or Work secret is possible.
refusal-level_not_the_items = The level is the item's ({ $level ->
    [TOP_SECRET] 绝密
    [SECRET] 机密
    [CONFIDENTIAL] 秘密
    [WORK_SECRET] work secret
   *[UNCLASSIFIED] unclassified
  }). For another level choose another item.
refusal-term_invalid = That is no term. Send one such as 5年, 18个月 or 2030-01-01.
refusal-term_too_long = Too long: at most the item's { $most }, and never more than the { $years } years of the law. Send a shorter term.
refusal-term_ended = The term { $term } has ended, so this cannot be approved. Return it, so that the drafter resubmits with another term.
refusal-reason_missing = Choose a reason first.
refusal-sentence_missing = Write one sentence on why it is returned, for example: return other annex missing.
refusal-text_too_long = Too long (at most { $limit } characters). Shorten it and send it again; nothing of the document.
refusal-looks_like_content = ⛔ The text bears a classification marking and looks like content; it was not accepted. Send it again without the marking.
refusal-content_refused = ⛔ Send no files, pictures or text of documents. This chat carries the workflow only, never classified content.
refusal-nudged_already = Nudged already; again possible after { $again_at }.
refusal-item_changed = The guide in force has { $fate ->
    [dropped] dropped
   *[changed] changed
  } the cited item: it cannot be approved. Return it, so that the drafter resubmits by the guide in force.
refusal-not_qualified = You cannot sign this now: { $why ->
    [untrained] you have no valid training; complete it and you can approve
    [ceiling] your ceiling is too low
    [department] your appointment does not cover the department
    [same_person] you took part in this case
    [away] you are recorded as away
   *[not_in_force] your appointment is not in force
  }.
refusal-same_person = Drafter, head and officer are three people; you took part in this case and may not approve it.
refusal-no_guide = No edition of the guide is in force. Ask the secrecy office to import one.
refusal-private_only = Dingmi works in a private chat with each person, not in groups or channels.
refusal-not_understood = That was not understood. /new begins a proposal, /inbox shows what waits, /help the rest.
refusal-unknown_command = There is no such command. /help lists what you can do.
refusal-edited = An edited message changes nothing; please send it again.
