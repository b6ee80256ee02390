/**
 * The fixed part of the collection script, the same for every plan. Full names of cmdlets, no aliases, no network, nothing is written
 * outside the output folder; a file that is open is read beside its writer, and what cannot be read is told and passed over.
 */

/** Lines of PowerShell 5.1; they take `$Items` from the lines before. */
export const SCRIPT_BODY: readonly string[] = String.raw`
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

if (Test-Path -LiteralPath $OutputFolder) {
    if (@(Get-ChildItem -LiteralPath $OutputFolder -Force).Count -gt 0) { throw 'The output folder is not empty: name a new one.' }
}
$Output = (New-Item -ItemType Directory -Path $OutputFolder -Force).FullName
$Manifest = New-Object System.Collections.ArrayList
Start-Transcript -LiteralPath (Join-Path -Path $Output -ChildPath 'transcript.txt') | Out-Null

# Where the program, the logs of a site, or Windows itself lie on this machine; empty where there is no such thing.
function Find-Root {
    param([string] $Root, [string] $Path)
    switch ($Root) {
        'exchange' {
            $base = $env:ExchangeInstallPath
            if (-not $base) {
                $setup = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\ExchangeServer\v15\Setup' -ErrorAction SilentlyContinue
                if ($setup) { $base = $setup.MsiInstallPath }
            }
            if ($base) { return (Join-Path -Path $base -ChildPath $Path) }
        }
        'iis-site' {
            # The configuration names the folder of each site; without a name of its own it is the default one.
            $folder = '%SystemDrive%\inetpub\logs\LogFiles'
            $file = Join-Path -Path $env:windir -ChildPath 'System32\inetsrv\config\applicationHost.config'
            if (Test-Path -LiteralPath $file) {
                $sites = ([xml] (Get-Content -LiteralPath $file -Raw)).SelectNodes('/configuration/system.applicationHost/sites')
                $default = $sites | ForEach-Object { $_.SelectSingleNode('siteDefaults/logFile/@directory') } | Select-Object -First 1
                $own = $sites | ForEach-Object { $_.SelectSingleNode("site[@id='$Path']/logFile/@directory") } | Select-Object -First 1
                if ($own) { $folder = $own.Value } elseif ($default) { $folder = $default.Value }
            }
            return (Join-Path -Path ([Environment]::ExpandEnvironmentVariables($folder)) -ChildPath "W3SVC$Path")
        }
        'program-data' { return (Join-Path -Path $env:ProgramData -ChildPath $Path) }
        'system-drive' { return (Join-Path -Path ($env:SystemDrive + '\') -ChildPath $Path) }
        'windows' { return (Join-Path -Path $env:windir -ChildPath $Path) }
    }
    return ''
}

# A place below the output folder for a file of this machine: its own path, the drive as a folder.
function Get-Place {
    param([string] $Evidence, [string] $Source)
    return (Join-Path -Path $Evidence -ChildPath ($Source -replace '^([A-Za-z]):\\', '$1\' -replace '^\\\\', '' -replace ':', '_'))
}

function Add-Row {
    param([string] $Place, [string] $Source, [datetime] $LastWriteUtc)
    $whole = Join-Path -Path $Output -ChildPath $Place
    $hash = (Get-FileHash -LiteralPath $whole -Algorithm SHA256).Hash.ToLowerInvariant()
    [void] $Manifest.Add([pscustomobject] @{
        sha256         = $hash
        size_bytes     = (Get-Item -LiteralPath $whole -Force).Length
        last_write_utc = $LastWriteUtc.ToString('yyyy-MM-ddTHH:mm:ss.fffffffZ', [Globalization.CultureInfo]::InvariantCulture)
        path           = $Place
        source         = $Source
    })
}

# Reads beside whoever writes; the copy keeps the file's last change.
function Copy-OpenFile {
    param([System.IO.FileInfo] $File, [string] $Place)
    $to = Join-Path -Path $Output -ChildPath $Place
    New-Item -ItemType Directory -Path (Split-Path -Path $to -Parent) -Force | Out-Null
    $changed = $File.LastWriteTimeUtc
    $share = [System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete
    $in = [System.IO.File]::Open($File.FullName, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, $share)
    try {
        $copy = [System.IO.File]::Open($to, [System.IO.FileMode]::CreateNew, [System.IO.FileAccess]::Write)
        try { $in.CopyTo($copy) } finally { $copy.Dispose() }
    } finally { $in.Dispose() }
    [System.IO.File]::SetLastWriteTimeUtc($to, $changed)
    Add-Row -Place $Place -Source $File.FullName -LastWriteUtc $changed
}

function Copy-Evidence {
    param([hashtable] $Item)
    $folder = Find-Root -Root $Item.Root -Path $Item.Path
    if (-not $folder -or -not (Test-Path -LiteralPath $folder)) { Write-Warning "not on this machine: $($Item.Evidence) ($folder)"; return }
    $files = @(Get-ChildItem -LiteralPath $folder -Filter $Item.Mask -File -Force -Recurse:$Item.Recurse -ErrorAction SilentlyContinue -ErrorVariable unlisted)
    foreach ($problem in $unlisted) { Write-Warning "cannot be listed: $($problem.TargetObject)" }
    $bytes = 0
    if ($files.Count -gt 0) { $bytes = ($files | Measure-Object -Property Length -Sum).Sum }
    Write-Output ('{0}: {1} files, {2:N0} bytes in {3}' -f $Item.Evidence, $files.Count, $bytes, $folder)
    if ($bytes -gt $AskAboveBytes -and -not $Yes) {
        if ((Read-Host -Prompt 'That is large. Copy it? (y/n)') -ne 'y') { Write-Warning "left out: $($Item.Evidence)"; return }
    }
    foreach ($file in $files) {
        try { Copy-OpenFile -File $file -Place (Get-Place -Evidence $Item.Evidence -Source $file.FullName) }
        catch { Write-Warning "cannot be read: $($file.FullName): $($_.Exception.Message)" }
    }
}

# Windows itself exports a log that it holds open: no shadow copy is needed.
function Export-Channel {
    param([hashtable] $Item)
    $place = Join-Path -Path $Item.Evidence -ChildPath (($Item.Channel -replace '/', '%4') + '.evtx')
    $to = Join-Path -Path $Output -ChildPath $place
    New-Item -ItemType Directory -Path (Split-Path -Path $to -Parent) -Force | Out-Null
    & "$env:windir\System32\wevtutil.exe" epl $Item.Channel $to
    if ($LASTEXITCODE -ne 0) { Write-Warning "not exported: the log $($Item.Channel)"; return }
    Add-Row -Place $place -Source ('event log ' + $Item.Channel) -LastWriteUtc (Get-Item -LiteralPath $to).LastWriteTimeUtc
    Write-Output "$($Item.Evidence): exported $($Item.Channel)"
}

function Save-Hive {
    param([hashtable] $Item)
    $place = Join-Path -Path $Item.Evidence -ChildPath $Item.Name
    $to = Join-Path -Path $Output -ChildPath $place
    New-Item -ItemType Directory -Path (Split-Path -Path $to -Parent) -Force | Out-Null
    & "$env:windir\System32\reg.exe" save $Item.Key $to | Out-Null
    if ($LASTEXITCODE -ne 0) { Write-Warning "not saved: $($Item.Key)"; return }
    Add-Row -Place $place -Source ('registry ' + $Item.Key) -LastWriteUtc (Get-Item -LiteralPath $to).LastWriteTimeUtc
    Write-Output "$($Item.Evidence): saved $($Item.Key)"
}

$own = @($Items | Where-Object { $_.For -eq '' -or $_.For -eq $HostName -or $_.For.Split('.')[0] -eq $HostName })
if ($own.Count -eq 0) {
    Write-Warning "Nothing in this list is for $HostName. It is for:"
    $Items | ForEach-Object { $_.For } | Sort-Object -Unique | ForEach-Object { Write-Warning "  -HostName $_" }
}
foreach ($item in $own) {
    try {
        switch ($item.Do) {
            'Copy' { Copy-Evidence -Item $item }
            'Channel' { Export-Channel -Item $item }
            'Hive' { Save-Hive -Item $item }
            'Say' { Write-Output "$($item.Evidence): by hand: $($item.Text)" }
        }
    } catch { Write-Warning "$($item.Evidence): $($_.Exception.Message)" }
}

Stop-Transcript | Out-Null
Add-Row -Place 'transcript.txt' -Source 'this script' -LastWriteUtc ([datetime]::UtcNow)
$Manifest | Export-Csv -LiteralPath (Join-Path -Path $Output -ChildPath 'manifest.csv') -NoTypeInformation -Encoding UTF8
Write-Output "Collected $($Manifest.Count) files into $Output. Hand the whole folder over: breakwater investigate FOLDER --vault DIR"
`
  .trim()
  .split("\n");
