"""One determination, from /new to signed, in the chat."""

from models.determination import Determination
from models.proposal import Proposal, State


async def test_a_document_goes_from_new_to_signed_in_one_message_and_three_taps(house, cast):
    drafter, head, officer = map(house.phone, (cast.drafter, cast.head, cast.officer))

    await drafter.says("/new 科工〔2026〕12号 关键工艺")
    assert "拟定　绝密★30年" in drafter.last
    assert "赵国（科技处） 审核 → 林秀 审定" in drafter.last
    await drafter.taps("提交")
    assert drafter.toast.startswith("已提交 · 案 2")

    assert head.last.startswith("🟡 待您审核 · 案")
    assert "为什么是您：科技处负责人" in head.last
    await head.taps("同意")
    assert head.toast == "已同意 · 送 林秀 审定"

    assert officer.last.startswith("🟡 待您审定 · 案")
    assert "审核　✅ 赵国" in officer.last
    assert "为什么是您：权限 绝密，责任部门含科技处" in officer.last
    await officer.taps("批准")
    assert officer.toast.startswith("已批准 · 定〔")

    case = await Proposal.get()
    signed = await Determination.get()
    assert case.state is State.EFFECTIVE
    assert (signed.marking, signed.officer_id) == ("绝密★30年", cast.officer.id)
    assert signed.appointment_id == cast.appointment.id
    assert drafter.last.splitlines()[:3] == [
        "✅ 科工〔2026〕12号 已批准", "请标注：绝密★30年", f"编号 {signed.number}",
    ]  # fmt: skip
    assert drafter.buttons == ["复制标志", "详情"]
    assert officer.last.startswith("✅ 已批准 · 案")
    assert head.last.startswith("✅ 已批准 · 案")
