-- One credit per request under a fresh idempotency key. Head and body have a fixed length, so a request is one concatenation.
return function(bench, people)
  local body = '{"amount":1,"appId":"chat","description":"message","idempotencyKey":"%s-%010d"}'
  local heads, count, salt = {}, 0, bench.salt()
  function init(arguments)
    local length = #body:format(salt, 0)
    for _, token in ipairs(bench.lines(arguments[1], "tokens.txt", people)) do
      heads[#heads + 1] = "POST /api/v1/credits/use HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port
        .. "\r\nContent-Type: application/json\r\nAuthorization: Bearer " .. token .. "\r\nContent-Length: " .. length .. "\r\n\r\n"
    end
  end
  function request()
    count = count + 1
    return heads[count % #heads + 1] .. body:format(salt, count)
  end
end
