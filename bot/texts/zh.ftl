# 拟稿人、负责人、责任人、管理员在对话里读到的每一句话。

## 词
level-TOP_SECRET = 绝密
level-SECRET = 机密
level-CONFIDENTIAL = 秘密
level-WORK_SECRET = 工作秘密
level-UNCLASSIFIED = 非密
reason-level_too_high = 级别偏高
reason-level_too_low = 级别偏低
reason-term_wrong = 期限不当
reason-wrong_item = 条目不符
reason-scope_too_wide = 知悉范围过宽
reason-should_be_unclassified = 应为非密
reason-other = 其他
reason-with = { $reason }（{ $comment }）
no-basis-no_item = 细目中没有相应条目
no-basis-below_threshold = 未达到条目界限
no-basis-must_be_public = 依法应当公开
no-basis-already_public = 已经公开
party-system = 系统
role-drafter = 拟稿人
role-head = 部门负责人
role-admin = 管理员
role-custodian = 保密员
role-officer = 定密责任人
did-submit = 提交
did-endorse = 同意
did-approve = 批准
did-return = 退回
did-resubmit = 重新提交
did-withdraw = 撤回
did-nudge = 催办
did-reroute = 自动送审
unfit-same_person = 已参与本案，不得再审定
unfit-not_in_force = 指定不在有效期内
unfit-department = 责任部门不含该部门
unfit-ceiling = 定密权限不足
unfit-untrained = 无有效培训
unfit-away = 不在岗
unfit-no_account = 未绑定账号
unfit-unreachable = 无法送达
today-at = 今日 { $time }
tomorrow-at = 明日 { $time }
nobody = （暂无）
separator = ；

## 按钮
button-submit = 提交
button-resubmit-now = 重新提交
button-cancel = 取消
button-endorse = 同意
button-approve = 批准
button-return = 退回
button-withdraw = 撤回
button-withdraw-sure = 确认撤回
button-nudge = 催办
button-resubmit = 修改
button-details = 详情
button-back = 返回
button-next = 下一件（{ $count }）
button-other = 其他…
button-copy-marking = 复制标志
button-term = 改期限
button-item = 换条目
button-reason = 改理由
button-document = 改文号
button-clear = 去掉
button-title = { $set ->
    [yes] 改标题
   *[no] 加标题
  }
button-note = { $set ->
    [yes] 改备注
   *[no] 加备注
  }
button-more = 更多
button-unclassified = 非密
button-work_secret = 工作秘密
button-new = 新建定密意见
button-inbox = 待办
button-mine = 我的
button-restart = 重新开始
button-open = { $number }　{ $document }

## 命令菜单
command-new = 新建定密意见
command-mine = 我拟的
command-inbox = 待我办的
command-cancel = 放弃正在填写的
command-language = 语言 / Language
command-help = 帮助
command-start = 开始

## 卡片
card-head-turn = 🟡 待您审核 · 案 { $number }
card-officer-turn = 🟡 待您审定 · 案 { $number }
card-waiting-head = 🟡 待 { $name } 审核 · 案 { $number }
card-waiting-officer = 🟡 待 { $name } 审定 · 案 { $number }
card-endorsed = ✅ 已同意 · 案 { $number } · 待 { $name } 审定
card-unroutable = 🟡 暂无可审定的责任人，已通知保密办；有人可审时将自动送审。
card-unroutable-head = 🟡 本部门及上级部门均无负责人，已通知保密办；有负责人后将自动送审。
card-unroutable-case = 案 { $number }
card-returned-drafter = ↩️ 已退回 · { $document }
card-returned = ↩️ 已退回 · 案 { $number }
card-returned-by = { $name }：{ $reason }
card-withdrawn = 已撤回 · 案 { $number }
card-approved-drafter = ✅ { $document } 已批准
card-approved = ✅ 已批准 · 案 { $number } · { $determination }
card-print = 请标注：<code>{ $marking }</code>
card-print-none = { $outcome }：不作国家秘密标志
card-determination = 编号 <code>{ $determination }</code>
card-document = <code>{ $document }</code>　{ $outcome }
card-title = 标题　{ $title }
card-note = 备注　{ $note }
card-basis = 依据　<code>{ $code }</code> { $label }
card-no-basis = 理由　{ $reason }
card-changed = 修改　{ $changes }
card-drafter = 拟稿　{ $name }（{ $department }）　{ $at }
card-head = 审核　✅ { $name } { $at }
card-why = 为什么是您：{ $why }
card-due = 时限　{ $at }（{ $days } 个工作日）
card-overdue = ⏰ 已超时限　{ $at }
card-nudged = ⏰ { $name } 于 { $at } 催办
card-item-changed = ⛔ 所引条目在现行细目中已变更，须退回后重新提交
card-item-dropped = ⛔ 所引条目在现行细目中已取消，须退回后重新提交
card-retired = ↓ 最新卡片在下方 · 案 { $number }
trail-submit = 拟稿 { $name } { $at }
trail-resubmit = 重新提交 { $name } { $at }
trail-endorse = 审核 { $name } { $at }
trail-approve = 审定 { $name } { $at }
trail-approve-for = 审定 { $name }（代 { $absent }）{ $at }
trail-return = 退回 { $name } { $at }
trail-withdraw = 撤回 { $name } { $at }
why-head = { $department }负责人
why-head_above = { $department }负责人（上一级部门）
why-designated = 权限 { $ceiling }，责任部门含{ $department }
why-statutory = 法定定密责任人，权限 { $ceiling }
why-on-behalf = 代 { $name }
why-direct-drafter_is_head = 拟稿人即部门负责人且无上级负责人，直送审定
why-passed = { $code } { $problem }
outcome-unclassified = 非密
outcome-work_secret = 工作秘密
change-level = 密级 { $old }→{ $new }
change-term = 期限 { $old }→{ $new }
change-item = 条目 { $old }→{ $new }
change-document_no = 文号 { $old }→{ $new }
change-none = 内容未变
none = 无

## 详情
details-head = 案 { $number }　{ $document }
details-outcome = 拟定　{ $outcome }
details-scope = 知悉　{ $scope }
details-category = 类别　{ $category }
details-matter = 事项　{ $matter }
details-edition = 版本　{ $edition }
details-source = 出处　{ $basis }
details-codes = （本版细目只显示编号与类别）
details-history = 经过
details-line = { $at }　{ $name } { $did }
details-line-reason = { $at }　{ $name } { $did }：{ $reason }
details-line-comment = { $at }　{ $name } { $did }：{ $reason }（{ $comment }）
details-more-lines = （前面还有 { $count } 条）

## 退回与撤回
return-which = 退回原因？
return-sentence = 请用一句话说明退回原因（不超过 { $limit } 字，勿写文稿内容）。案 { $number }。不退回了，发 /cancel。
return-placeholder = 退回原因
withdraw-sure = 撤回后本案终止，不能恢复。确认撤回？

## 拟稿
draft-document = 请发送文号，例如 <code>科工〔2026〕12号</code>。
draft-item = <code>{ $document }</code>
    请输入几个字查找条目：词、编号、拼音或首字母。
draft-results = <code>{ $document }</code>　“{ $query }”。没有合适的，请换个词发送。
draft-result = { $place }. <code>{ $code }</code> { $label }　{ $outcome }
draft-no-results = <code>{ $document }</code>　没有找到“{ $query }”。
    换个词再试；细目中确实没有的，可选“非密”或“工作秘密”。
draft-codes-only = 本版细目只能按编号和类别查找。
draft-no-more = 没有更多了。换个词再试，或选“非密”“工作秘密”。
draft-reason = <code>{ $document }</code>　非密
    请选择理由：
draft-term = 条目期限 { $most }。请发送期限，如 5年、18个月、2030-01-01；不得超过条目期限和法定上限。
draft-title = 请发送一个中性的标题（不超过 { $limit } 字，勿写文稿内容）。
draft-note = 请发送备注（不超过 { $limit } 字，勿写文稿内容）。
draft-resume = 有一份尚未提交：
preview-head = 定密意见 · 待提交
preview-revise = 定密意见 · 修改后重新提交 · 案 { $number }
preview-returned = ↩️ { $name }：{ $reason }
preview-document = 文号　<code>{ $document }</code>
preview-duplicate = 注意：此文号已有案 { $number }（{ $state }）
preview-outcome = 拟定　<b>{ $outcome }</b>
preview-basis = 依据　<code>{ $code }</code> { $label }（{ $edition }）
preview-scope = 知悉　{ $scope }
preview-route = 流向　{ $head } 审核 → { $officer } 审定
preview-route-direct = 流向　{ $officer } 审定（直送）
preview-route-no-head = 流向　本部门及上级部门均无负责人，提交后须等待指定
preview-route-nobody = 流向　{ $head } 审核 → 暂无可审定的责任人
preview-person = { $name }（{ $department }）
cancelled = 已放弃。
return-dropped = 已放弃退回，此件仍待您办理。
reply-help = 没有看懂。可回复卡片：同意、批准、退回 期限不当；或点卡片上的按钮。
nothing-to-cancel = 没有正在填写的内容。
submitted-toast = 已提交 · 案 { $number }
state-waiting_head = 待审核
state-waiting_officer = 待审定
state-unroutable = 待送审
state-returned = 已退回
state-withdrawn = 已撤回
state-effective = 已生效

## 列表
inbox-empty = 没有待办。
inbox-head = 待您办理：{ $count } 件
inbox-line = { $place }. <code>{ $document }</code>　{ $outcome }　{ $drafter }　{ $at }
list-first = （只列前 { $count } 件）
mine-empty = 还没有您拟的定密意见。用 /new 新建。
mine-head = 您拟的定密意见
mine-line = { $icon } <code>{ $document }</code>　{ $outcome }　{ $state }

## 问候与帮助
welcome = { $name }，您好。您已绑定为 { $roles }（{ $department }）。
    本对话只办理定密流程，不承载涉密内容：勿发文件、图片、文稿。
help-head = 定密 · { $name }（{ $department }）
help-new = /new 文号 关键词 — 一条消息拟好定密意见；只发 /new 则逐步询问
help-mine = /mine — 我拟的，到了哪一步
help-inbox = /inbox — 待我办的
help-cancel = /cancel — 放弃正在填写的
help-language = /language — 语言
help-typed = 也可以直接回复卡片：同意、批准、退回 期限不当
help-admin = 管理员：人员、责任人、细目用命令行导入；邀请用 dingmi invite
help-limit = 勿发文件、图片、文稿或密级标志；标题不超过 60 字。
language-which = 请选择语言 / Choose a language
language-set = 已设为中文。

## 提示（toast）
plain = { $words }
toast-endorsed = 已同意 · 送 { $name } 审定
toast-endorsed-nobody = 已同意 · 暂无可审定的责任人，已通知保密办
toast-approved = 已批准 · { $determination }
toast-returned = 已退回 · { $name }
toast-withdrawn = 已撤回
toast-nudged = 已催办 { $name }
toast-draft-first = 您有一份尚未提交，请先提交或取消。
toast-nothing-more = 没有待办。
toast-dead = 此按钮无效。请用 /help 查看可以做什么。
toast-failed = ⛔ 处理失败，已记录（编号 { $reference }）。您的操作未生效，请稍后重试。

## 管理员
admin-unroutable = 🟡 案 { $number }：暂无可审定的责任人
admin-unroutable-head = 🟡 案 { $number }：{ $department }及其上级部门均无部门负责人，无人审核。请指定负责人；有负责人后将自动送审。
admin-unroutable-line = { $code }　{ $problem }
admin-unroutable-more = 另有 { $count } 人
admin-unroutable-none = 没有任何定密责任人。
admin-unroutable-todo = 有人可审时将自动送审。请检查指定、培训、绑定（dingmi check）。
admin-unreachable = ⛔ { $code } 无法送达（已停用或屏蔽本机器人）。流程将避开此人，直至其恢复。

## 拒绝
refusal-not_bound = 您尚未绑定。请联系本单位保密办领取邀请链接。
refusal-not_allowed = 您没有办理此事的角色（需要：{ $needs ->
    [drafter] 拟稿人
    [head] 部门负责人
    [admin] 管理员
   *[other] 相应角色
  }）。请联系保密办。
refusal-invite_invalid = 邀请无效：已使用、已过期或不完整。请联系保密办重新领取。
refusal-account_taken = 此账号已绑定他人，不能再次绑定。请联系保密办。
refusal-case_not_found = 没有这一件，或您无权查看。
refusal-not_your_turn = 此件现由{ $waits_for ->
    [drafter] 拟稿人
    [head] 部门负责人
   *[officer] 定密责任人
  }办理。
refusal-no_such_step = 此件现状不能这样办理，请看最新卡片。
refusal-already_moved = 此件已由 { $by } 于 { $at } { $did }
refusal-stale_card = 此卡片已过时，最新卡片在下方
refusal-stale_draft = 此按钮已过时，请用最下面的一条。
refusal-no_draft = 没有正在填写的内容。用 /new 新建。
refusal-document_no_invalid = 文号不能为空，也不能超过 { $limit } 字。请重新发送文号。
refusal-basis_missing = 涉密须引用现行细目的条目。请重新选择条目；没有条目的，只能定为非密或工作秘密。
refusal-level_not_the_items = 密级须与条目一致（{ $level ->
    [TOP_SECRET] 绝密
    [SECRET] 机密
    [CONFIDENTIAL] 秘密
    [WORK_SECRET] 工作秘密
   *[UNCLASSIFIED] 非密
  }）。要用别的密级，请换条目。
refusal-term_invalid = 看不懂这个期限。请发送如 5年、18个月、2030-01-01 的期限。
refusal-term_too_long = 期限过长：不得超过条目的 { $most }，也不得超过法定 { $years } 年。请发送更短的期限。
refusal-term_ended = 保密期限 { $term } 已到，不能批准。请退回，由拟稿人改期限后重新提交。
refusal-reason_missing = 请先选择理由。
refusal-sentence_missing = 请写一句退回原因，例如：退回 其他 附件未列。
refusal-text_too_long = 文字过长（限 { $limit } 字）。请缩短后重新发送；勿写文稿内容。
refusal-looks_like_content = ⛔ 文字中含密级标志，像是文稿内容，未予接收。请去掉标志后重新发送。
refusal-content_refused = ⛔ 请勿发送文件、图片或文稿内容。本对话只办理定密流程，不承载涉密内容。
refusal-nudged_already = 已催办过，{ $again_at } 之后可再催。
refusal-item_changed = 所引条目在现行细目中已{ $fate ->
    [dropped] 取消
   *[changed] 变更
  }，不能批准。请退回，由拟稿人按现行细目重新提交。
refusal-not_qualified = 您现在不能审定此件：{ $why ->
    [untrained] 没有有效培训，完成培训后即可审批
    [ceiling] 定密权限不足
    [department] 责任部门不含该部门
    [same_person] 您已参与本案
    [away] 您已登记不在岗
   *[not_in_force] 指定不在有效期内
  }。
refusal-same_person = 拟稿、审核、审定须为三人，您已参与本案，不得审定。
refusal-no_guide = 尚无生效的定密细目，请联系保密办导入。
refusal-private_only = 定密只在与本人的私聊中办理，不在群组或频道中办理。
refusal-not_understood = 没有看懂。新建请用 /new，待办请用 /inbox，其他见 /help。
refusal-unknown_command = 没有这个命令。可用的命令见 /help。
refusal-edited = 已发送的消息修改后不再办理，请重新发送。
