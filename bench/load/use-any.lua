-- One credit of any of many owners, as another service spends it for them: no two requests meet the same pages of an index.
local bench = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
local body = '{"userId":"growth-%06d","amount":1,"description":"message","idempotencyKey":"%s-%010d"}'
local head, count, salt, owners

function init(arguments)
  owners = tonumber(bench.lines(arguments[1], "owners.txt")[1])
  salt = bench.salt()
  count = 0
  math.randomseed(tonumber(salt:sub(1, 6), 16))
  head = "POST /api/v1/internal/credits/use HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port
    .. "\r\nContent-Type: application/json\r\nX-Service-Key: dev-service-key\r\nX-App-Id: chat\r\nContent-Length: "
    .. #body:format(1, salt, 0) .. "\r\n\r\n"
end

function request()
  count = count + 1
  return head .. body:format(math.random(1, owners), salt, count)
end
