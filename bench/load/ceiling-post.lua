local bench = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
-- 365 bytes, as long as a request to validate.
local body = '{"token":"' .. string.rep("a", 353) .. '"}'
bench.pool(nil, function() return wrk.format("POST", "/post", bench.json, body) end)
