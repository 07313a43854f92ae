//! Words that say how a sentence is built, not what it is about: not asked for, and not what makes two texts related.

use std::collections::HashSet;
use std::sync::LazyLock;

const CHINESE: &str = "的 了 和 是 在 就 都 而 及 与 着 或 之 也 还 又 把 被 让 给 向 从 到 对 于 以 为 由 将 并 但 很 更 最 不 没 \
    没有 有 这 那 这个 那个 这些 那些 这样 那样 这里 那里 我 你 他 她 它 我们 你们 他们 她们 自己 什么 怎么 怎样 如何 为什么 哪 哪些 \
    哪个 谁 吗 呢 吧 啊 呀 上 下 中 里 后 前 个 一 一个 一些 一种 一样 已 已经 可以 可能 能 能够 会 要 应该 需要 不是 就是 还是 但是 \
    因为 所以 如果 虽然 而且 并且 以及 或者 其 其中 此 该 等 等等 时 时候 通过 进行 表示 根据 关于 由于 对于 目前 现在 今天 来 去 说 看 \
    看到 知道 觉得 之后 之前 以后 以前 非常 比较 还有 只有 只是 不过 然后 其实 这种 那种 这么 那么 不会 不能 同时 以来 方面 情况 成为 \
    起来 出来 下来 过 得 地 所 们 每 各 两 多 大 小 人 年 月 日 \
    何 何时 何地 何处 何年 何种 何者 何人 哪种 哪年 哪位 哪里 哪儿 哪一 什么样 什么时候 甚么 怎么样 多少 多久 几 几个 几年 东西 种 位 名 项 一位 一名 一项";

const ENGLISH: &str = "a about after again all also am an and any are as at be because been before being between both but by can could \
    did do does doing don't down during each even every few for from further get got had has have having he her here hers him his how i \
    i'm if in into is it it's its just like made make many may me might more most much must my no nor not now of off on once one only or \
    other our out over own said same say says see she should so some still such than that that's the their them then there these they \
    this those through to too two under until up upon us use very was way we well were what when where which while who whom why will \
    with would you your";

static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let english = ENGLISH.split_whitespace().flat_map(|word| [word.to_owned(), crate::words::form(word)]);
    CHINESE.split_whitespace().map(str::to_owned).chain(english).collect()
});

/// Whether a word (in the form of [`crate::words::words`]) says nothing by itself.
pub fn is_stop(word: &str) -> bool {
    WORDS.contains(word)
}
