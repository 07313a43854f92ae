# 文章的各项：写作台与页面上的名称，以及审核时说明改动之处（changed-…）。
desk-title = 标题
desk-subtitle = 副标题
desk-body = 正文
desk-body-hint = Markdown：空一行分段，## 小标题，**加粗**，> 引文，- 列表，[文字](网址)。HTML 中的脚本和样式会被去掉。
desk-tags-hint = 用逗号隔开，最多 10 个。
desk-declare = 声明
desk-declare-hint = 请如实勾选，会显示在标题旁。
desk-source = 来源
desk-source-hint = 转载时必填：原发媒体或作者。
desk-source-url = 来源网址
desk-canonical = 首发网址
desk-canonical-hint = 文章若先发表在别处，搜索引擎会认那个网址。
desk-language = 语言
desk-language-hint = 选“自动识别”即可，除非认错了。
desk-language-guess = 自动识别

source-from = 来源：

changed-title = 标题
changed-subtitle = 副标题
changed-body = 正文
changed-covers = 封面
changed-channel = 频道
changed-tags = 标签
changed-declarations = 声明
changed-source = 来源
changed-language = 语言
changed-other = 其他
