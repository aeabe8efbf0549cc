-- wrk's side: sends the requests of a file, one a line (method, path and body, tabs between), and
-- prints what came of it as one line of JSON.
--
--   wrk … -s requests.lua ADDRESS -- FILE THREADS share|all
--
-- share: each thread has requests of its own, for those that may not be sent twice.

local threads_set_up = 0

-- Each thread has an environment of its own, and gets its number from here.
function setup(thread)
  thread:set("number", threads_set_up)
  threads_set_up = threads_set_up + 1
end

function init(arguments)
  local file, threads, mode = arguments[1], tonumber(arguments[2]), arguments[3]
  requests, at = {}, 0
  local line_number = 0
  for line in io.lines(file) do
    local method, path, body = line:match("^(%S+)\t([^\t]*)\t(.*)$")
    if mode == "all" or line_number % threads == number then
      requests[#requests + 1] = wrk.format(method, path, nil, body ~= "" and body or nil)
    end
    line_number = line_number + 1
  end
  if mode == "all" then
    at = math.floor(number * #requests / threads)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %f, "bytes": %d, "p50_ms": %f, "p99_ms": %f, "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
