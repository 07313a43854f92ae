time-now = 刚刚
time-minutes = { $n } 分钟前
time-hours = { $n } 小时前
time-yesterday = 昨天 { $time }
time-month = { $month }月
time-day = { time-month }{ $day }日
time-date = { $year }年{ time-month }{ $day }日
