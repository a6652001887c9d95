# 命令行的全部文字

## 帮助
cli-help-dingmi = 规范定密：在对话中按细目拟定、审核、审定。
cli-help-usage = 用法：
cli-help-arguments = 参数
cli-help-options = 选项
cli-help-commands = 命令
cli-help-help = 显示本帮助
cli-help-demo = 试用：不需要 Telegram 账号，在网页上走完一件定密
cli-help-sandbox = 只启动模拟的 Telegram 一方
cli-help-run = 运行机器人，直到 Ctrl-C
cli-help-migrate = 把数据库升级到当前版本
cli-help-import = 导入人员、定密责任人或定密细目（CSV、XLSX）
cli-help-import-people = 导入人员和部门
cli-help-import-officers = 导入定密责任人的指定
cli-help-import-guide = 导入一版定密细目
cli-help-invite = 生成一次性邀请链接，每行：工号、姓名、链接
cli-help-unbind = 解除账号绑定，并重新送审等这些人办理的事项
cli-help-search = 在现行细目中查找条目
cli-help-check = 检查设置、数据库、令牌、时钟和人员
cli-help-ledger = 办理记录的哈希链
cli-help-ledger-verify = 逐行核验全部办理记录及签批依据，指出第一处不符
cli-help-fingerprint = 一并核验：记录的开头与抄存此指纹时相同
cli-help-port = 端口（0 表示任选空闲端口）
cli-help-host = 绑定的地址
cli-help-allow-remote = 允许绑定到本机以外可达的地址
cli-help-database = 使用此数据库，而不是临时文件
cli-help-no-browser = 不打开浏览器
cli-help-lang = 界面语言
cli-help-file = CSV 或 XLSX 文件
cli-help-dry-run = 只检查并说明会有哪些变化，不写入
cli-help-edition = 版本名称，例如 2026版
cli-help-effective = 生效日期，例如 2026-01-01
cli-help-disclosure = 对话中可显示全文（open）或只显示编号和类别（codes，默认）
cli-help-publish = 导入后即发布；否则为草稿
cli-help-codes = 工号
cli-help-all = 全部尚未绑定账号的人员
cli-help-text = 词语、编号、拼音或首字母
cli-help-json = 以 JSON 输出
cli-help-limit = 最多显示的条数

## 用法有误
cli-usage-missing = 缺少：{ $what }
cli-usage-unknown = 不认识：{ $what }
cli-usage-choice = { $where } 不能是“{ $what }”
cli-usage-value-missing = { $where } 后面缺少值
cli-usage-value-bad = { $where } 的值“{ $what }”不对
cli-usage-together = { $where } 与 { $what } 不能同时使用
cli-usage-wrong = 用法不对：{ $what }

## 设置
cli-setting-misspelt = 没有 { $name } 这项设置，是否指 { $nearest }？
cli-setting-unknown = 没有 { $name } 这项设置。
cli-setting-bad = { $name } 的值不可用：{ $needs }。
cli-setting-needs-file-env = 文件须为 UTF-8 编码
cli-setting-needs-bot_token = 须为 @BotFather 给出的令牌，形如 数字:字母数字
cli-setting-needs-bot_api_url = 须为 http:// 或 https:// 开头的地址
cli-setting-needs-database_url = 须为 sqlite://文件 或 postgres://用户:口令@主机/库名
cli-setting-needs-http_host = 须为本机地址
cli-setting-needs-http_port = 须为 0 到 65535 的整数
cli-setting-needs-public_url = 须为 http:// 或 https:// 开头的地址
cli-setting-needs-webhook_secret = 须为 1 到 256 个字母、数字、_ 或 -
cli-setting-needs-time_zone = 须为时区名称，例如 Asia/Shanghai
cli-setting-needs-language = 须为 zh 或 en
cli-setting-needs-training_months = 须为 1 到 120 的整数
cli-setting-needs-log_format = 须为 auto、json 或 text
cli-setting-needs-log_level = 须为 DEBUG、INFO、WARNING 或 ERROR

## 拒绝
cli-failed = 出错中止，未完成；原因见日志。
cli-refused = 未执行（{ $code }）。
cli-refused-token_missing = 未设置 DINGMI_BOT_TOKEN。没有令牌可先试用：dingmi demo
cli-refused-token_refused = Telegram 不认识 DINGMI_BOT_TOKEN 中的令牌。
cli-refused-telegram_unreachable = 无法连接 Telegram：{ $error }
cli-refused-port_taken = 无法绑定 { $host }:{ NUMBER($port, useGrouping: 0) }，端口可能已被占用。请用 DINGMI_HTTP_PORT 或 --port 换一个。
cli-refused-database_unreachable = 无法打开 DINGMI_DATABASE_URL 指定的数据库（{ $kind }）。
cli-refused-database_in_use = 另有进程正在使用 { $path }。SQLite 只供一个进程运行，请先停止它，或改用 PostgreSQL。
cli-refused-remote_refused = { $host } 可从本机以外访问。模拟 Telegram 没有任何保护；确实需要时请加 --allow-remote。
cli-refused-not_a_demo = 这个数据库里已有其他人员，试用不会混入其中。请换一个空的数据库。
cli-refused-unknown_people = 没有工号 { $codes } 的人员。未做任何改动。
cli-refused-no_guide = 没有现行的定密细目。请先导入并发布：dingmi import guide
cli-refused-import_refused = { $file } 有 { $count } 处问题，未导入任何内容。
cli-refused-database_missing = 数据库文件 { $file } 不存在。请检查 DINGMI_DATABASE_URL 和所在文件夹；新装请先运行 dingmi migrate。
cli-refused-edition_exists = “{ $edition }”已发布或已被引用，不能更改。请用新的版本名称。

## 数据库
cli-migrated = 已升级：{ $name }
cli-migrated-already = 数据库已是当前版本。

## 导入
cli-import-progress = 导入
cli-import-line = 第 { NUMBER($line, useGrouping: 0) } 行
cli-import-done = 已导入，共 { $rows } 行。
cli-import-dry = 检查通过，共 { $rows } 行，未写入。
cli-import-edition-published = 版本 { $edition }：已发布
cli-import-edition-draft = 版本 { $edition }：草稿（加 --publish 发布）
cli-import-added = 新增 { $count }：{ $codes }
cli-import-changed = 变更 { $count }：{ $codes }
cli-import-dropped = 取消 { $count }：{ $codes }
cli-import-unchanged = 不变 { $count }
cli-import-departments = 部门变化 { $count }：{ $codes }
cli-import-rerouted = 原来无人可审的 { $count } 件已自动送审。
cli-bad-file_unreadable = 无法读取：{ $why ->
    [not_found] 没有这个文件
    [not_opened] 打不开
    [encoding] 编码不是 UTF-8 或 GB18030
   *[not_a_table] 不是 CSV 或 XLSX 表格
}
cli-bad-file_too_large = 文件超过 { $limit_mb } MB
cli-bad-file_empty = 文件是空的
cli-bad-quotes_broken = 引号不成对
cli-bad-no_header = 没有表头，应有：{ $expected }
cli-bad-no_rows = 表头下面没有内容
cli-bad-missing_column = 缺少此列（{ $name }）
cli-bad-extra_column = 多余的列
cli-bad-repeated_column = 此列重复（{ $name }）
cli-bad-extra_cell = 表头之外还有内容
cli-bad-cell_empty = 不能为空
cli-bad-cell_too_long = { $length } 个字，最多 { $limit } 个
cli-bad-nothing_above = “同上”的上面没有内容
cli-bad-duplicate_code = { $value } 与第 { NUMBER($first, useGrouping: 0) } 行重复
cli-bad-unknown_role = 没有“{ $value }”这种角色
cli-bad-parent_contradicts = { $department } 的上级部门写作 { $value }，第 { NUMBER($first, useGrouping: 0) } 行写作 { $other }
cli-bad-unknown_department = 没有“{ $value }”这个部门
cli-bad-department_cycle = 部门互为上级：{ $departments }
cli-bad-unknown_kind = 不是法定或指定：{ $value }
cli-bad-document_no_missing = 指定的责任人须有指定文号
cli-bad-duplicate_appointment = { $value } 的同类指定与第 { NUMBER($first, useGrouping: 0) } 行重复
cli-bad-unknown_level = 没有“{ $value }”这个密级
cli-bad-not_a_ceiling = 定密权限须为绝密、机密或秘密，不能是{ $level }
cli-bad-all_and_more = “*”已含全部部门，不能再列其他：{ $value }
cli-bad-not_a_date = “{ $value }”不是日期
cli-bad-dates_reversed = 失效日期 { $valid_until } 早于生效日期 { $valid_from }
cli-bad-date_in_future = 培训日期 { $value } 尚未到来
cli-bad-unknown_person = 没有工号 { $value } 的人员
cli-bad-ceiling_too_high = 权限{ $level }高于法定责任人的权限{ $most }
cli-bad-ceiling_below_designated = 权限{ $level }低于已指定的责任人：{ $codes }
cli-bad-term_missing = { $level }须有保密期限
cli-bad-term_not_allowed = { $level }不能有保密期限：{ $value }
cli-bad-term_not_understood = 看不懂保密期限“{ $value }”
cli-bad-term_too_long = { $level }最长 { $years } 年：{ $value }
cli-bad-long_term_without_basis = { $level }长期须写明依据
cli-bad-edition_name_invalid = 版本名称须有 1 到 { $limit } 个字
cli-remark-department_not_listed = 留意：{ $rows } 行的产生部门不在部门表中：{ $codes }
cli-remark-effective_later = 留意：{ $codes } 自 { $effective_on } 起生效
cli-remark-older_than_in_force = 留意：现行版本 { $codes } 的生效日期更晚，本版不会成为现行版本
cli-remark-no_statutory_officer = 留意：没有法定定密责任人
cli-remark-training_not_valid = 留意：{ $count } 名责任人的培训无效，暂不能审定：{ $codes }

## 邀请、解绑、查找、台账
cli-invite-nobody = 全部人员都已绑定账号。
cli-unbound = { $code } { $name }：已解除账号绑定，未用的邀请作废。
cli-unbound-already = { $code } { $name }：没有绑定账号；未用的邀请作废。
cli-unbound-rerouted = { $count } 件已重新送审。
cli-search-nothing = 没有找到。
cli-ledger-whole = 核验无误：{ $cases } 件，{ $lines } 行。
cli-ledger-fingerprint = 指纹（请抄存于系统之外）：{ $fingerprint }
cli-ledger-another = 记录的开头与抄存此指纹时不同：{ $noted }
cli-ledger-broken = 不符：案 { $case } 第 { NUMBER($line, useGrouping: 0) } 行，{ $why }。
cli-broken-line_missing = 缺行
cli-broken-hash_differs = 哈希不符，内容被改动
cli-broken-case_differs = 案件状态与记录不符
cli-broken-register_differs = 台账与记录不符
cli-broken-evidence_missing = 未记载签批依据
cli-broken-item_differs = 所引条目与签批时不同
cli-broken-edition_differs = 所引细目版本与签批时不同
cli-broken-appointment_differs = 责任人的权限与签批时不同
cli-broken-people_differ = 人员与签批时不同
cli-broken-number_missing = 编号有缺，有案件或定密决定被删除

## 试用
cli-demo-starting = 正在准备试用环境……
cli-demo-ready =
    打开 { $url }
    左边是拟稿人周文博，右边是下一位该办的人。Ctrl-C 结束。
cli-demo-hint = 在左边的手机上发 `/new 科工〔{ $year }〕12号 工艺参数`，点“提交”；右边会转到下一位该办的人，点“同意”，再“批准”。
cli-demo-stopped = 已结束。
cli-sandbox-ready =
    模拟的 Telegram 在 { $url }
    让机器人连接它：
      DINGMI_BOT_API_URL={ $url } DINGMI_BOT_TOKEN={ $token } dingmi run
    Ctrl-C 结束。

## 检查
cli-check-good = ✔ 正常
cli-check-note = ⚠ 留意
cli-check-bad = ✘ 须处理
cli-check-settings = 设置：已设 { $names }
cli-check-settings-none = 设置：全部为默认值
cli-check-database = 数据库：可用，{ $version }
cli-check-database-missing = 数据库：{ $path } 还不存在，请运行 dingmi migrate
cli-check-database-unreachable = 数据库：无法打开（{ $kind }）
cli-check-migrations = 数据库结构：已是当前版本
cli-check-migrations-pending = 数据库结构：待升级 { $names }，请运行 dingmi migrate
cli-check-token = 令牌：@{ $username }
cli-check-token-missing = 令牌：未设置 DINGMI_BOT_TOKEN
cli-check-token-refused = 令牌：Telegram 不认识
cli-check-telegram-unreachable = 令牌：无法连接 Telegram（{ $error }）
cli-check-webhook = 接收方式：回调，待取 { $pending } 条
cli-check-webhook-none = 接收方式：轮询，待取 { $pending } 条
cli-check-webhook-other = 接收方式：登记的回调地址不是 DINGMI_PUBLIC_URL 之下的地址
cli-check-webhook-left = 接收方式：设为轮询，但仍登记有回调地址；dingmi run 启动时会撤销
cli-check-webhook-unset = 接收方式：尚未登记回调；dingmi run 启动时会登记
cli-check-webhook-error = 接收方式：Telegram 最近一次回调失败于 { $at }
cli-check-clock-telegram = 时钟：与 Telegram 相差 { $seconds } 秒
cli-check-clock-database = 时钟：与数据库相差 { $seconds } 秒
cli-check-people = 人员：{ $count } 人，都已绑定账号
cli-check-people-none = 人员：尚未导入，请运行 dingmi import people
cli-check-people-unbound = 人员：{ $count } 人尚未绑定账号：{ $codes }
cli-check-people-unreachable = 人员：{ $count } 人无法送达：{ $codes }
cli-check-signers = 审定：各部门各密级今日都有人可审定
cli-check-signers-missing = 审定：今日无人可审定 { $department }：{ $levels }
cli-check-guide = 细目：现行 { $edition }，{ $count } 条，{ $disclosure ->
    [open] 对话中可显示全文
   *[codes] 对话中只显示编号和类别
}
cli-check-guide-none = 细目：没有现行版本，请运行 dingmi import guide
cli-check-queues = 队列：待处理 { $inbox }，待发送 { $outbox }
cli-check-parked = 队列：{ $count } 条消息处理失败已搁置（序号:日志编号）：{ $references }
cli-check-given-up = 队列：近 7 天未能送达（种类:条数）：{ $kinds }
cli-check-card-given-up = 办理：{ $case } 等 { $code } 办理，卡片未能送达
