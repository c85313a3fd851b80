local bench = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
bench.pool("tokens.txt", function(token)
  return wrk.format("POST", "/api/v1/auth/validate", bench.json, '{"token":"' .. token .. '"}')
end)
