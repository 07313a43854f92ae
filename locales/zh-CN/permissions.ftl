admin-permissions = 权限
admin-permissions-what = 各个角色可以做什么。谁有哪个角色，在各用户的页面上设置。
admin-permissions-caption = 操作和可以执行它的角色
admin-permissions-action = 操作
admin-permissions-yes = 可以
admin-permissions-no = 不可以
admin-permissions-beside = 阅读和跟贴不需要角色。写文章需要是号的所有者，见“号”。
admin-permissions-which = 各个角色可以做什么
admin-permissions-add = 新建角色
admin-permissions-add-what = 有这个角色的用户，除其他角色的权限外，还可以做勾选的操作。你只能勾选自己可以做的操作。
admin-permissions-title = 名称
admin-permissions-title-hint = 例如“夜班”。
admin-permissions-slug = 短名
admin-permissions-slug-hint = 小写字母、数字和连字符，例如 night-desk。用于命令和网址，以后不能修改。
admin-permissions-actions = 可以做的操作
admin-permissions-holders = { $n ->
    [0] 没有人有这个角色
   *[other] { $n } 位用户有这个角色
}
admin-permissions-remove = 删除角色
admin-permissions-remove-what = { $n ->
    [0] 没有人有这个角色。
   *[other] 有这个角色的 { $n } 位用户将不再能做它的操作。
}
admin-roles-none = 无角色
admin-role-fixed = 你只能给予或取消不超出自己权限的角色。
notice-admin-role = 角色已保存，立即生效。
notice-admin-role-removed = 角色已删除。
error-role-empty = 请至少勾选一项操作。
error-role-taken = 已经有这个名称的角色了。
error-roles-many = 一个站点最多有 { $limit } 个自定义角色，请先删除一个。

# 操作：`action-` 加操作的名字。
action-read-submissions = 查看送审和已下架的文章
action-review-articles = 通过或退回送审的文章
action-retract-articles = 下架文章
action-restore-articles = 恢复已下架的文章
action-handle-reports = 处理举报，并移除被举报的内容
action-moderate-comments = 发布待审的跟贴，删除跟贴
action-decide-applications = 审核号的申请和资料修改
action-see-decisions = 查看处理记录
action-curate-headlines = 选择要闻、置顶和首页头条
action-curate-topics = 制作和发布专题
action-see-insights = 查看列表和推荐的效果
action-manage-channels = 添加、修改、合并和删除频道
action-manage-authors = 认证号、设为免审、指定所有者
action-manage-users = 停用、退出登录和删除用户
action-use-reserved-names = 使用为本站和管理人员保留的名字
action-manage-permissions = 新建角色，给予和取消角色
action-change-settings = 修改站点设置
action-see-audit-log = 查看审计日志
action-read-mail = 查看站点发出的邮件（邮件保存到文件夹时）
action-run-operations = 管理任务、事件、节点和模型
