//! Words of the samples.

/// Title, subtitle, excerpt, channel (an index into `CHANNELS`), author (into `AUTHORS`).
pub(super) type Text = (&'static str, &'static str, &'static str, usize, usize);

pub(super) const ZH: [Text; 10] = [
    (
        "柳巷路的自行车道宽了八十厘米",
        "我在同一个路口数了十二个早晨",
        "改造前后各六天，同一个路口，早上七点到九点。骑车的人多了三成，右转的车慢了，公交没有更挤。",
        0,
        1,
    ),
    (
        "南坡村关灯之后：一年里，夜空暗了多少",
        "",
        "三个人、两台测光仪，三百六十五个晚上里有一百四十一个是晴的。",
        2,
        0,
    ),
    (
        "站牌上的“还有 3 分钟”是怎么算出来的",
        "一块屏幕背后的三种时钟",
        "车上的定位每十秒发一次，站牌每三十秒算一次，人看一眼手机要两秒。误差就是这样攒出来的。",
        1,
        1,
    ),
    ("凌晨四点的一锅面汤", "", "老板说，汤不等人，人等汤。", 4, 3),
    (
        "一座城市是否愿意让人坐下来歇一会儿，往往不看广场有多大，而要看走三百米能不能碰到一张椅子，以及椅子上有没有树荫、有没有靠背、下雨天会不会积水",
        "我们数完了临江的每一张椅子，从江堤到菜场，从医院门口到学校对面，一共四百一十二张",
        "数椅子是一件很慢的事。",
        0,
        2,
    ),
    ("五十三岁开始跑步的人", "", "她说，膝盖是用坏的，也是用好的。", 5, 2),
    (
        "青岚古道，两天，四十一公里",
        "路牌、水源和一条总在错的方向上的狗",
        "第一天二十三公里，爬升一千一百米；第二天下雨。",
        6,
        3,
    ),
    ("三万枚铅字住进图书馆", "", "字架一共十六排，常用字在手边，生僻字要踩凳子。", 3, 2),
    (
        "四十行代码，把六十张糊星空叠成一张",
        "用 Python 和一台六年前的相机",
        "对齐、取中值、拉伸，三步，每一步都能看见为什么。",
        1,
        0,
    ),
    ("石埠桥下住着四百只雨燕", "", "桥要大修，燕子不知道。工期往后挪了六个星期。", 2, 0),
];

pub(super) const EN: [Text; 10] = [
    (
        "How a tide table is made",
        "Thirty-seven constituents, one brass mark and a great deal of patience",
        "The sea rises and falls at the quay because of the moon, the sun and the shape of the estuary. A table needs all three.",
        2,
        0,
    ),
    (
        "Stale is not the same as dry",
        "",
        "Leave a loaf in a sealed bag and it goes stale without losing a gram of water.",
        4,
        3,
    ),
    (
        "An empty ferry, a full freezer lorry and a retired teacher with a stopwatch: how one island argued its way to a winter timetable nobody loves and everybody can live with",
        "Nine meetings, two petitions and a spreadsheet that was projected on the wall of the fish hall",
        "The ferry carries eleven people on a Tuesday in February.",
        0,
        2,
    ),
    (
        "The departure board that runs on a discarded tablet",
        "",
        "It shows six buses, draws four watts and was going to be thrown away.",
        1,
        1,
    ),
    (
        "We counted every bench",
        "Four hundred and twelve seats, and where nobody put one",
        "A town tells you what it thinks of old people by where it lets them sit.",
        0,
        2,
    ),
    ("Downhill is a skill", "", "Most of the injuries happen on the way home.", 5, 2),
    (
        "The moon’s slow wobble, and a brass mark on the quay wall",
        "",
        "Every 18.6 years the high tides come a hand higher.",
        2,
        0,
    ),
    (
        "Two hundred and sixteen drawers",
        "The last card catalogue in the county still finds things the computer cannot",
        "She pulls the drawer without looking at the label.",
        3,
        2,
    ),
    ("The 02:40 from Market Square", "", "Nine people, one driver, and a bag of warm rolls.", 6, 1),
    (
        "Thirty lines that guard a hundred thousand photographs",
        "A checksum, a calendar and a second building",
        "Backups fail quietly. This one complains.",
        1,
        1,
    ),
];

/// Name, handle, verified.
pub(super) const AUTHORS_ZH: [(&str, &str, bool); 4] = [
    ("南坡观察", "nanpo-observer", true),
    ("慢轮", "slow-wheel", false),
    ("临江街谈", "linjiang-street", true),
    ("柴火间", "firewood-kitchen", false),
];
pub(super) const AUTHORS_EN: [(&str, &str, bool); 4] = [
    ("The Tide Desk", "tide-desk", true),
    ("Slow Wheel", "slow-wheel", false),
    ("Harbour Street", "harbour-street", true),
    ("Flour & Fire", "flour-fire", false),
];

pub(super) const TAGS_ZH: [&str; 4] = ["骑行", "临江 街道", "数据", "公共空间"];
pub(super) const TAGS_EN: [&str; 4] = ["tides", "public space", "data", "R&D"];

/// Name, region, words.
pub(super) const VOICES_ZH: [(&str, Option<&str>, &str); 8] = [
    ("雨天公交", Some("江苏"), "每天走这条路，终于有人认真数了。"),
    (
        "宋师傅",
        Some("江苏"),
        "从开车的角度说一句：机动车道窄了以后右转确实要慢，刚开始不习惯，半个月也就好了。",
    ),
    ("三楼住户", Some("浙江"), "窄了二十厘米能有多大区别？"),
    ("宋师傅", Some("江苏"), "车宽不变，两边余量少了，人自然松油门。你开一次就知道。"),
    ("三楼住户", Some("浙江"), "那高峰会不会更堵？公交怎么办？\n我问的是早上七点四十到八点十分这半小时。"),
    ("何砚", Some("江苏"), "多了 11 秒。表在文末，原始记录可以下载。"),
    ("数学猫", None, "改造前后各六天，天气一样吗？雨天骑车的人会少一大截。"),
    ("Ms. Fisher", Some("英国"), "We did the same count on our quay last spring. Happy to share the sheet."),
];
pub(super) const VOICES_EN: [(&str, Option<&str>, &str); 8] = [
    ("rainy bus", Some("Jiangsu"), "I take this road every day. At last somebody counted properly."),
    (
        "Driver Song",
        Some("Jiangsu"),
        "From behind the wheel: turning right is slower now. It took me two weeks to get used to it, and I would not go back.",
    ),
    ("third floor", Some("Zhejiang"), "What difference do twenty centimetres make?"),
    (
        "Driver Song",
        Some("Jiangsu"),
        "The bus is as wide as it was and the room beside it is not, so your foot comes up by itself. Try it once.",
    ),
    (
        "third floor",
        Some("Zhejiang"),
        "And in the rush hour? What about the buses?\nI mean the half hour from 7:40.",
    ),
    (
        "He Yan",
        Some("Jiangsu"),
        "Eleven seconds more. The table is at the end, and the raw notes can be downloaded.",
    ),
    ("math cat", None, "Six days before and six after: was the weather the same?"),
    ("临江看客", Some("Jiangsu"), "雨天骑车的人会少一大截，单看晴天的话是两成二。"),
];

pub(in crate::views) const BODY_ZH: &str = r#"
<p>柳巷路的自行车道原来一米二，现在两米。多出来的八十厘米，是从两条机动车道里各借了四十厘米。我在柳巷路与东桥街的路口站了十二个早晨：改造前六个，改造后六个，都是七点到九点，都用同一只计数器。</p>
<p>先说结论：<strong>骑车的人多了三成</strong>，右转的汽车平均慢了 <em>4.2 km/h</em>，公交从东桥街到医院站多用了十一秒。没有人因此迟到，至少没有人这样告诉我。</p>
<figure><img src="/media/sample3/w960.webp" srcset="/media/sample3/w640.webp 640w, /media/sample3/w960.webp 960w" sizes="(min-width: 900px) 680px, 100vw" width="960" height="640" loading="lazy" alt="清晨的路口，新画的自行车道上有三个骑车的人"><figcaption>改造后的第三天，早上七点二十分。照片：何砚</figcaption></figure>
<h2>我怎么数</h2>
<p>一只手按骑车的，一只手按电动车的，走路的写在本子上。每十五分钟换一页。雨天也数，前后各有一个雨天，正好配平。方法参考了 <a href="https://example.org/counting" rel="nofollow ugc noopener">一份给志愿者的计数手册</a>，手册里说，最难的不是数，是不聊天。</p>
<blockquote><p>车宽不变，两边余量少了，人自然松油门。</p><cite>宋师傅，公交 17 路驾驶员</cite></blockquote>
<h3>十二个早晨</h3>
<table><thead><tr><th scope="col">时段</th><th scope="col">改造前（辆）</th><th scope="col">改造后（辆）</th><th scope="col">变化</th></tr></thead><tbody><tr><td>7:00–7:30</td><td>118</td><td>149</td><td>+26%</td></tr><tr><td>7:30–8:00</td><td>203</td><td>281</td><td>+38%</td></tr><tr><td>8:00–9:00</td><td>164</td><td>201</td><td>+23%</td></tr></tbody></table>
<p>数据和算法都在下面，二十行，任何人可以重算一遍：</p>
<pre><code>before = [118, 203, 164]
after = [149, 281, 201]
print(sum(after) / sum(before) - 1)   # 0.301</code></pre>
<ul><li>计数原始表：CSV，1,440 行；</li><li>天气：气象局公开记录；</li><li>公交到站时间：站牌截屏，每三十秒一张。</li></ul>
<p>有人问，为什么要数。因为在讨论会上，一边说“根本没人骑车”，一边说“到处是骑车的人”，两边都没有数过。数完以后，讨论会短了四十分钟。</p>
<figure class="gallery"><img src="/media/sample4/w640.webp" width="640" height="480" loading="lazy" alt="计数器"><img src="/media/sample5/w640.webp" width="640" height="480" loading="lazy" alt="写满的本子"><img src="/media/sample6/w640.webp" width="640" height="480" loading="lazy" alt="雨天的路口"><figcaption>计数器、本子和雨天的路口</figcaption></figure>
<p>下一篇写站台。站台往后移了两米，这件事比八十厘米更要紧。</p>
"#;

pub(in crate::views) const BODY_EN: &str = r#"
<p>Stand on the quay at Vardholm at six in the morning and the sea is where the printed table says it is, give or take the width of a hand. The table was finished eighteen months ago. Nobody in the office where it was made has a telescope, and nobody needs one.</p>
<p>What they have is a gauge, a brass mark and <strong>thirty-seven numbers</strong>. Each number stands for one way in which the moon or the sun pulls on the water in front of the harbour wall, and how long the water takes to answer.</p>
<figure><img src="/media/sample3/w960.webp" srcset="/media/sample3/w640.webp 640w, /media/sample3/w960.webp 960w" sizes="(min-width: 900px) 680px, 100vw" width="960" height="640" loading="lazy" alt="The harbour wall at low water, with the brass mark"><figcaption>The brass mark, set in 1874. Photograph: The Tide Desk</figcaption></figure>
<h2>What the gauge knows</h2>
<p>The gauge writes down the height of the water every six minutes. A year of it is 87,600 numbers. Fit a wave of the right length to them, subtract it, and what remains is fitted again. <a href="https://example.org/harmonics" rel="nofollow ugc noopener">The method</a> is older than the telephone.</p>
<blockquote><p>The moon does not care about our schedule. The water, however, is very punctual.</p><cite>Ingrid Solberg, tide officer</cite></blockquote>
<table><thead><tr><th scope="col">Constituent</th><th scope="col">Period (h)</th><th scope="col">Height (cm)</th></tr></thead><tbody><tr><td>M2</td><td>12.42</td><td>143</td></tr><tr><td>S2</td><td>12.00</td><td>46</td></tr><tr><td>N2</td><td>12.66</td><td>28</td></tr></tbody></table>
<pre><code>height = mean + sum(a * cos(2 * pi * t / period - lag) for a, period, lag in parts)</code></pre>
<ul><li>Six minutes between readings.</li><li>A year at least; nineteen are better.</li></ul>
<p>In Chinese the same table is called <span lang="zh">潮汐表</span>, and it is made in the same way.</p>
"#;
