-- Shared by every scenario. `./mana bench` starts wrk as: wrk -s SCENARIO.lua ADDRESS -- FOLDER, with the files of prepared people in FOLDER.
local M = {}

-- The lines of a prepared file; with `only` just so many of them.
function M.lines(folder, name, only)
  local lines = {}
  local file = assert(io.open(folder .. "/" .. name), "missing " .. folder .. "/" .. name)
  for line in file:lines() do
    lines[#lines + 1] = line
    if #lines == only then break end
  end
  file:close()
  return lines
end

-- Eight random bytes as text, so that no two runs use the same idempotency key.
function M.salt()
  local file = assert(io.open("/dev/urandom", "rb"))
  local salt = file:read(8):gsub(".", function(byte) return string.format("%02x", byte:byte()) end)
  file:close()
  return salt
end

-- Requests made once and sent in turn, one per line of the file.
function M.pool(name, make)
  local requests, at = {}, 0
  function init(arguments)
    for _, line in ipairs(name and M.lines(arguments[1], name) or { "" }) do
      requests[#requests + 1] = make(line)
    end
  end
  function request()
    at = at % #requests + 1
    return requests[at]
  end
end

function M.bearer(token) return { ["Authorization"] = "Bearer " .. token } end

M.json = { ["Content-Type"] = "application/json" }

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"bytes":%d,"p50":%.1f,"p99":%.1f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end

return M
