// The words that generated articles are made of: common ones by hand, the long tail put together from parts.
//
// What matters for a text index is how words are spread, not what they say: a few stand in every text, most in hardly any
// (Zipf), each subject has its own, and a word that stands in a text once is likely to stand there again.

const list = (text) => text.trim().split(/\s+/);

/** Most frequent first. */
const COMMON_EN = list(`
  the of and to a in is it that was for on with as be at by this had not are but from or have an they which one you were all her she
  there would their we him been has when who will no more if out so up said what its about than into them can only other time new some
  could these two may first then do any like my now over such our man me even most made after also did many off before must well back
  through years much where your way down should because long each just state those people how too little good world make very year
  still see own work men day get here old between both life being under three never know same last another while us might great go come
  since against right came take used himself few house use place during high without again home around small found mrs part school
  thought went say general once upon left number course until always away something fact water less public put thing almost hand enough
  far took head yet better set told nothing night end why called find asked later point knew next city group`);

const COMMON_ZH = list(`
  的 了 在 是 和 有 不 我 他 这 就 人 也 上 到 说 要 一个 都 而 你 着 我们 对 里 从 与 又 没有 还 把 很 会 去 年 看 来 他们 时候 后 被 那
  自己 能 但 下 大家 可以 起来 过 因为 地方 所以 什么 已经 现在 如果 只是 一些 开始 这样 知道 很多 问题 工作 时间 第一 最后 之后 以前 觉得
  孩子 生活 城市 今天 老人 朋友 老师 学校 医院 先生 女士 记者 社区 街道 昨天 早上 晚上 发现 需要 认为 表示 成为 进行 通过 以及 其中 方面
  非常 比较 一直 一起 经过 由于 同时 虽然 不过 然后 甚至 几乎 大概 其实 当然 曾经 终于 慢慢 仍然 往往 继续 附近 旁边 中间 外面 东西 事情
  办法 机会 情况 变化 原因 结果 影响 关系 经验 意思 声音 眼睛 门口 家里 路上 手里 心里 下午 春天 夏天 秋天 冬天 星期 小时 分钟`);

/** What only stands in articles of one channel, mostly. */
const SUBJECTS = {
  city: ["路灯 公交 地铁 菜市场 居民 小区 电梯 马路 广场 桥面 施工 规划 停车 物业 巷子 路口", "council street tram bridge pavement lamp tenant crossing market kerb housing traffic square bench district repair"],
  tech: ["芯片 代码 软件 服务器 算法 数据 手机 电池 网络 程序 开源 屏幕 模型 接口 存储 传感器", "software battery server code network chip sensor data model browser keyboard script archive storage screen protocol"],
  science: ["实验 望远镜 行星 细胞 潮汐 观测 样本 论文 粒子 气候 化石 基因 温度 显微镜 轨道 火山", "telescope tide cell planet sample orbit fossil climate measurement crystal gauge experiment comet glacier particle theory"],
  culture: ["书店 展览 戏台 小说 诗歌 画家 电影 博物馆 手艺 印刷 古籍 琴声 剧场 摄影 碑刻 民谣", "novel museum library painter theatre press poem exhibition film choir manuscript folk stage printing gallery letter"],
  sports: ["球场 跑步 马拉松 教练 比赛 球员 训练 泳池 篮球 羽毛球 裁判 冠军 登山 滑雪 配速 队友", "runner coach match pitch goal marathon swimmer referee league training ski pace stadium paddle captain season"],
  food: ["面团 茶叶 酱油 菜谱 厨房 豆腐 辣椒 米饭 发酵 火候 早餐 汤锅 点心 面包 泡菜 食材", "bread soup starter oven tomato flour kitchen pickle recipe pepper dough cheese market broth salt harvest"],
  travel: ["火车 山路 渡口 客栈 地图 车站 雪山 沿途 海岛 行李 古镇 航班 峡谷 日出 夜车 站台", "ferry train harbour ridge island luggage map station valley hostel timetable coast sunrise pass trail platform"],
  nature: ["银杏 燕子 河雾 湿地 鸟群 森林 苔藓 溪流 昆虫 候鸟 松鼠 稻田 花期 山雀 落叶 珊瑚", "swift oak meadow marsh heron moss beetle river fox eelgrass pollen nest bark frost seal lichen"],
  business: ["市场 价格 订单 工厂 利润 成本 店主 合同 供应链 顾客 税率 仓库 投资 品牌 账本 出口", "price order factory profit ledger customer contract supply warehouse tax brand wage loan shop invoice export"],
  health: ["睡眠 血压 医生 疫苗 跌倒 康复 护士 体检 药品 视力 营养 门诊 牙齿 膝盖 步数 失眠", "sleep doctor pressure vaccine nurse clinic knee diet fall vision dose ward recovery tooth walk breath"],
  education: ["课堂 作业 操场 图书馆 考试 班主任 毕业 宿舍 黑板 课程 奖学金 家长 拼音 算术 实习 论文", "classroom pupil homework exam lesson playground teacher degree library blackboard scholarship term essay tutor algebra reading"],
  opinion: ["观点 争论 公平 责任 规则 信任 隐私 制度 偏见 常识 舆论 权利 透明 承诺 沉默 选择", "argument fairness duty rule trust privacy bias consent promise silence choice doubt evidence blame habit principle"],
};

export const CHANNELS = Object.keys(SUBJECTS);

const HAN = [..."山水云石林江湖海川谷松竹梅兰菊荷桂柳桃杏春夏秋冬晨暮晴雨雪霜风雷星月天地东西南北金木火土玉珠丝锦书画琴棋诗酒茶花鸟鱼虫马牛羊鹿鹤燕龙虎安宁康乐福寿喜庆明亮清静远近高低长短大小新旧红黄蓝绿青白黑紫文武德才智勇信义礼和平正直方圆温良思念望归行走飞流通达成立建设计算量测试验研究探索记录编写读听说唱跳游泳跑投射接传守攻防护养育教导学习工农商兵医药食衣住用车船桥路门窗墙瓦砖灯镜钟笔纸墨印刷机器电光声热力场波线点面体形色味香甜苦辣酸咸"];
const ONSETS = list("b br c ch cl d dr f fl g gr h j k l m n p pl qu r s sh sk st t th tr v w y z");
const VOWELS = list("a e i o u ai ea ee oa ou y");
const CODAS = ["", "", "", ...list("ck d l ld lm m n nd ng nt r rd rn s st t th x")];

/** Words that stand in few texts each. Drawn once, in the order of how frequent they are to be. */
function tail(random, count, make) {
  const words = new Set();
  while (words.size < count) words.add(make((parts) => parts[Math.floor(random() * parts.length)]));
  return [...words];
}

const nameEn = (pick) => pick(ONSETS) + pick(VOWELS) + pick(CODAS) + pick(ONSETS) + pick(VOWELS) + pick(CODAS);
const nameZh = (pick) => pick(HAN) + pick(HAN) + pick(["", "", "", pick(HAN)]);

/** `pick(random)` draws from `words`, the n-th with a weight of 1 / (n + 2.7) (Zipf's law as Mandelbrot put it). */
function zipf(words) {
  const sums = new Float64Array(words.length);
  let sum = 0;
  for (let n = 0; n < words.length; n++) sums[n] = sum += 1 / (n + 2.7);
  return (random) => {
    const at = random() * sum;
    let [low, high] = [0, words.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > at) high = middle;
      else low = middle + 1;
    }
    return words[low];
  };
}

/** Both languages: how to draw any word, a rare one, and one of a channel's own. */
export function vocabulary(random) {
  const language = (common, rare, which) => ({
    any: zipf([...common, ...rare]),
    rare: (random) => rare[Math.floor(random() * rare.length)],
    of: Object.fromEntries(CHANNELS.map((channel) => [channel, zipf(list(SUBJECTS[channel][which]))])),
  });
  return {
    zh: language(COMMON_ZH, tail(random, 40_000, nameZh), 0),
    en: language(COMMON_EN, tail(random, 80_000, nameEn), 1),
  };
}
