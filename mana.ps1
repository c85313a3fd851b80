# The developer command on Windows; the same as the file mana, which explains itself.
$out = Join-Path $PSScriptRoot 'artifacts/mana'; $stamp = Join-Path $out 'built'; $started = Get-Date
$newest = (Get-ChildItem (Join-Path $PSScriptRoot 'build'), (Join-Path $PSScriptRoot 'global.json') -Recurse -File | Measure-Object LastWriteTime -Maximum).Maximum
if (-not (Test-Path $stamp) -or (Get-Item $stamp).LastWriteTime -lt $newest) {
    $env:MANA_STARTED = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    dotnet build (Join-Path $PSScriptRoot 'build/mana.cs') -v quiet -nologo -o $out
    if ($LASTEXITCODE -ne 0) { exit 1 }
    Set-Content $stamp ''; (Get-Item $stamp).LastWriteTime = $started
}
dotnet (Join-Path $out 'mana.dll') @args
exit $LASTEXITCODE
