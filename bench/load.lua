-- What wrk asks for: the addresses of a file in turn, each thread from a place of its own. It tells what it measured as JSON.

local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  local requests = {}
  for address in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", address)
  end
  -- One address needs no choice: wrk then sends the same bytes again without asking.
  if #requests == 1 then
    wrk.path = io.lines(args[1])()
    return
  end
  local at = id * 7919
  function request()
    at = at + 1
    return requests[at % #requests + 1]
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"bytes":%d,"us":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
