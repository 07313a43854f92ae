admin-events = Events
admin-events-what = Parts of the site keep tables that follow what happens, such as notifications. Each of these consumers applies every event once, in order.
admin-consumers = Consumers
admin-consumers-none = No consumer has run on this site yet. Those that follow events will be listed here, with how far each has come.
admin-consumer = Consumer
admin-consumer-state = State
admin-consumer-running = Running
admin-consumer-failing = Failing
admin-consumer-rebuilding = To be rebuilt
admin-consumer-stopped = No process runs it
admin-consumer-failed =
    { $n ->
        [one] One try failed:
       *[other] { $n } tries failed, the last:
    }
admin-consumer-behind = Events behind
admin-consumer-lag = Delay
admin-consumer-seconds = { $n } s
admin-consumer-parked = Parked
admin-consumer-cursor = Position
admin-consumer-holder = Process
admin-consumer-moved = Last applied
admin-consumer-rebuild = Rebuild
admin-actions = Actions
admin-parked = Parked events
admin-parked-what = A consumer failed on these again and again, and went on without them. Mend the cause, then have them tried again.
admin-parked-none = No event is parked. What a consumer cannot apply will be listed here, with its error.
admin-parked-first = The newest { $n } of { $all }. The command “byline events parked” lists more.
admin-parked-some =
    { $n ->
        [one] One event could not be applied and is parked
       *[other] { $n } events could not be applied and are parked
    }
admin-parked-event = Event
admin-parked-error = Error
admin-parked-tries = Tries
admin-parked-at = Parked
admin-parked-again = About to be tried again
admin-parked-retry = Try again
admin-parked-retry-all = Try all again
admin-parked-drop = Drop
admin-rebuild-title = Rebuild “{ $name }”
admin-rebuild-what = All rows of this consumer are made anew from the tables of the site, in place of those that are there. What only its own rows said is lost.
admin-rebuild-when = The process that runs it begins within half a minute. Parked events stay parked.
admin-rebuild-do = Rebuild
notice-admin-event-retry = To be tried again within a second, if a process runs the consumer.
notice-admin-event-dropped = The event is dropped; the consumer never applies it.
notice-admin-consumer-rebuild = To be rebuilt within half a minute, if a process runs the consumer.
