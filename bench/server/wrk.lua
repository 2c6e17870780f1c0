-- What wrk sends: the bodies of a file in turn, one request at a time or so many at once; and what it says at the end, as one line of JSON.
--
-- usage: wrk ... -s wrk.lua URL -- PATH BODIES PIPELINED [PAUSE_MS]
local requests, at, pause = {}, 0, 0

function init(args)
  local headers = { ["Content-Type"] = "application/json" }
  local single = {}
  for body in io.lines(args[2]) do
    single[#single + 1] = wrk.format("POST", args[1], headers, body)
  end
  local pipelined = tonumber(args[3])
  pause = tonumber(args[4] or "0")
  if pause > 0 then
    delay = function() return pause end -- wrk asks for it only if there is one
  end
  for first = 1, #single, pipelined do
    local many = {}
    for i = first, first + pipelined - 1 do
      many[#many + 1] = single[(i - 1) % #single + 1]
    end
    requests[#requests + 1] = table.concat(many)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format('{"requests": %d, "seconds": %.6f, "errors": %d, "p50_us": %.1f, "p99_us": %.1f, "max_us": %.1f}\n',
    summary.requests, summary.duration / 1e6, errors, latency:percentile(50), latency:percentile(99), latency.max))
end
