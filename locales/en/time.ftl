time-now = just now
time-minutes = { $n } min ago
time-hours = { $n } hr ago
time-yesterday = yesterday { $time }
time-month = { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
time-day = { $day } { time-month }
time-date = { $day } { time-month } { $year }
