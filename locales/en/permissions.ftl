admin-permissions = Permissions
admin-permissions-what = What each role may do. Who holds which role is set on the page of each user.
admin-permissions-caption = Actions and the roles that may do them
admin-permissions-action = Action
admin-permissions-yes = Yes
admin-permissions-no = No
admin-permissions-beside = Reading and talking take no role. To write for an author takes owning it: see Authors.
admin-permissions-which = What each role may do
admin-permissions-add = Make a role
admin-permissions-add-what = Whoever holds it may do what is ticked, beside what their other roles let them do. You can tick what you may do yourself.
admin-permissions-title = What it is called
admin-permissions-title-hint = Such as “Night desk”.
admin-permissions-slug = Short name
admin-permissions-slug-hint = Lower-case letters, digits and hyphens, such as night-desk. For commands and addresses; it stays.
admin-permissions-actions = What it lets do
admin-permissions-holders = { $n ->
    [0] Nobody holds it
    [one] One user holds it
   *[other] { $n } users hold it
}
admin-permissions-remove = Remove the role
admin-permissions-remove-what = { $n ->
    [0] Nobody holds this role.
    [one] The one user who holds it may then no longer do what it lets do.
   *[other] The { $n } users who hold it may then no longer do what it lets do.
}
admin-roles-none = No role
admin-role-fixed = You can give and take roles that let do no more than you may do.
notice-admin-role = The role is saved, and in force at once.
notice-admin-role-removed = The role is removed.
error-role-empty = Tick at least one action.
error-role-taken = There is a role of this name already.
error-roles-many = A site has at most { $limit } roles of its own. Remove one first.

# What may be done: `action-` and the name of the action.
action-read-submissions = Read articles that were sent in or taken down
action-review-articles = Publish articles that were sent in, or send them back
action-retract-articles = Take articles down
action-restore-articles = Put back articles that were taken down
action-handle-reports = Decide about reports, and take away what they name
action-moderate-comments = Publish comments that are held, and remove comments
action-decide-applications = Decide who becomes an author, and about changes of profiles
action-see-decisions = Read who decided what
action-curate-headlines = Choose headlines, pins and the lead of the home page
action-curate-topics = Make and publish topics
action-see-insights = See how lists and recommendations do
action-manage-channels = Add, change, merge and remove channels
action-manage-authors = Verify and trust authors, and choose their owners
action-manage-users = Suspend, sign out and delete users
action-use-reserved-names = Take names that are kept for the site and those who look after it
action-manage-permissions = Make roles, and give and take them
action-change-settings = Change settings of the site
action-see-audit-log = Read the audit log
action-read-mail = Read the mail that the site sends, where it goes to a folder
action-run-operations = Look after jobs, events, nodes and models
