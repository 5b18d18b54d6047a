-- Sends whole requests from a file in turn. Arguments: the file, the first request's number (from 0).
-- The file holds, for each request, its length in eight digits and its bytes.
local requests, number = {}, 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  while true do
    local length = file:read(8)
    if not length then break end
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
  number = tonumber(arguments[2]) - 1 -- wrk asks once, before it begins, to see what it gets
end

function request()
  local found = requests[math.max(number, 0) % #requests + 1]
  number = number + 1
  return found
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, ' ..
    '"failed": {"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3, errors.connect, errors.read, errors.write, errors.status,
    errors.timeout))
end
