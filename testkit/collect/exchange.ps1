# Breakwater collection script: everything that is expected of the role exchange.
# Written by breakwater. It reads and copies; it changes no setting and sends nothing anywhere.
# Run it as administrator in Windows PowerShell 5.1 on the machine itself:
#   powershell.exe -ExecutionPolicy Bypass -File .\collect.ps1 -OutputFolder E:\collected

[CmdletBinding()]
param(
    # A new folder, best on another disk.
    [Parameter(Mandatory = $true)] [string] $OutputFolder,
    # The name that the list below has for this machine, where it is not its own.
    [string] $HostName = $env:COMPUTERNAME,
    # Do not ask before copying more than this.
    [long] $AskAboveBytes = 1073741824,
    [switch] $Yes
)

# What to collect, in this order: what dies first comes first.
$Items = @(
    # IIS log of the front end (W3SVC1): When and from where the server was entered.
    # IIS deletes nothing by itself: it usually reaches back until somebody cleaned up or the disk was full.
    @{ Evidence = 'iis-front-end'; For = ''; Do = 'Copy'; Root = 'iis-site'; Path = '1'; Mask = '*.log'; Recurse = $true }
    # Microsoft Defender Antivirus event log: What the antivirus saw and removed.
    # It is overwritten when full: usually months.
    @{ Evidence = 'defender-log'; For = ''; Do = 'Channel'; Channel = 'Microsoft-Windows-Windows Defender/Operational' }
    # Exchange HttpProxy logs: Which account a forged request acted as, and whether the back end obeyed.
    # They usually reach back about 30 days.
    @{ Evidence = 'http-proxy'; For = ''; Do = 'Copy'; Root = 'exchange'; Path = 'Logging\HttpProxy'; Mask = '*.log'; Recurse = $true }
    # MSExchange Management event log: What the attacker had Exchange do: exports, role assignments, the file of the web shell.
    # It is overwritten when full: weeks on a busy server, years on a quiet one.
    @{ Evidence = 'management-log'; For = ''; Do = 'Channel'; Channel = 'MSExchange Management' }
    # Security event log: Who signed in, from where, and which accounts were made.
    # It is overwritten when full: often days on a busy server.
    @{ Evidence = 'security-log'; For = ''; Do = 'Channel'; Channel = 'Security' }
    # Exchange Web Services logs: How much of which mailbox was read through EWS.
    # They usually reach back about 30 days.
    @{ Evidence = 'ews-log'; For = ''; Do = 'Copy'; Root = 'exchange'; Path = 'Logging\Ews'; Mask = '*.LOG'; Recurse = $true }
    # Exchange setup log (ExchangeSetup.log): Which builds ran on which day.
    # Setup appends to it: it usually reaches back to the first installation.
    @{ Evidence = 'exchange-setup-log'; For = ''; Do = 'Copy'; Root = 'system-drive'; Path = 'ExchangeSetupLogs'; Mask = '*.log'; Recurse = $false }
    # IIS log of the back end (W3SVC2): Whether a request was passed on or only asked.
    # IIS deletes nothing by itself: it usually reaches back as far as the log of the front end.
    @{ Evidence = 'iis-back-end'; For = ''; Do = 'Copy'; Root = 'iis-site'; Path = '2'; Mask = '*.log'; Recurse = $true }
    # Mailbox audit log: Who opened mailboxes that are not theirs.
    # By default it keeps 90 days, and it may never have been on: Get-Mailbox tells (AuditEnabled).
    @{ Evidence = 'mailbox-audit'; For = ''; Do = 'Say'; Text = 'In the Exchange Management Shell, for every mailbox: Get-Mailbox -ResultSize Unlimited | Select-Object Name,AuditEnabled,AuditLogAgeLimit | Export-Csv audit-state.csv -NoTypeInformation; then Search-MailboxAuditLog -Identity NAME -StartDate FROM -EndDate TO -LogonTypes Admin,Delegate,Owner -ShowDetails -ResultSize 250000 | Export-Clixml NAME.xml' }
    # Master file table ($MFT): When a web shell appeared on the disk.
    # The entry of a deleted file is used again at any moment: every hour of work on the server may take one.
    @{ Evidence = 'mft'; For = ''; Do = 'Say'; Text = 'C:\$MFT: It is no file that Windows opens: KAPE or another tool that reads the volume can copy it.' }
    # PowerShell event log (scripts, event 4104): Which scripts ran.
    # It is overwritten when full: on a mail server often within days.
    @{ Evidence = 'powershell-log'; For = ''; Do = 'Channel'; Channel = 'Microsoft-Windows-PowerShell/Operational' }
    # Exchange cmdlet logs of remote PowerShell (CmdletInfra): Who ran which cmdlet from where.
    # They usually reach back about 30 days.
    @{ Evidence = 'cmdlet-log'; For = ''; Do = 'Copy'; Root = 'exchange'; Path = 'Logging\CmdletInfra'; Mask = '*.LOG'; Recurse = $true }
    # Exchange message tracking logs: Which mails left the server, and whom they reached.
    # They usually reach back 30 days, less where their folder is limited in size.
    @{ Evidence = 'message-tracking'; For = ''; Do = 'Copy'; Root = 'exchange'; Path = 'TransportRoles\Logs\MessageTracking'; Mask = '*.LOG'; Recurse = $true }
    # Sysmon event log: Which process wrote and ran what.
    # It is overwritten when full: usually days to weeks.
    @{ Evidence = 'sysmon-log'; For = ''; Do = 'Channel'; Channel = 'Microsoft-Windows-Sysmon/Operational' }
    # Change journal of the volume ($UsnJrnl): Which files were made and deleted, in order.
    # It is overwritten when full: often one to three days on a server.
    @{ Evidence = 'usn-journal'; For = ''; Do = 'Say'; Text = 'C:\$Extend\$UsnJrnl:$J: It is no file that Windows opens: KAPE or another tool that reads the volume can copy it.' }
    # Exchange control panel logs (ECP): Whether a file was written through the control panel, and which build ran.
    # They usually reach back about 30 days.
    @{ Evidence = 'ecp-log'; For = ''; Do = 'Copy'; Root = 'exchange'; Path = 'Logging\ECP'; Mask = '*.LOG'; Recurse = $true }
    # Log of Defender's own work (MPLog): Which files were seen, with their hashes.
    # It usually reaches back months; Defender begins a new file when it is large.
    @{ Evidence = 'mplog'; For = ''; Do = 'Copy'; Root = 'program-data'; Path = 'Microsoft\Windows Defender\Support'; Mask = 'MPLog-*.log'; Recurse = $false }
    # Registry hives: What was installed, excluded and set to start.
    # They are a state: what was changed since shows only by its time.
    @{ Evidence = 'registry-hives'; For = ''; Do = 'Hive'; Key = 'HKLM\SYSTEM'; Name = 'SYSTEM' }
    @{ Evidence = 'registry-hives'; For = ''; Do = 'Hive'; Key = 'HKLM\SOFTWARE'; Name = 'SOFTWARE' }
    # Amcache: Which tools were on the server.
    # It usually reaches back months; a task of Windows tidies it.
    @{ Evidence = 'amcache'; For = ''; Do = 'Say'; Text = 'C:\Windows\AppCompat\Programs\Amcache.hve*: Windows holds it open: KAPE or another tool that reads the volume can copy it.' }
    # Scheduled tasks: What the attacker left behind to come back.
    # They are a state: what was removed is not in them.
    @{ Evidence = 'scheduled-tasks'; For = ''; Do = 'Copy'; Root = 'windows'; Path = 'System32\Tasks'; Mask = '*'; Recurse = $true }
    # System event log: Services that were installed, logs that were cleared, clocks that were set.
    # It is overwritten when full: usually weeks to months.
    @{ Evidence = 'system-log'; For = ''; Do = 'Channel'; Channel = 'System' }
    # SMTP protocol logs: To whom mail went, and whether it went encrypted.
    # They usually reach back 30 days, less where their folder is limited in size.
    @{ Evidence = 'smtp-log'; For = ''; Do = 'Copy'; Root = 'exchange'; Path = 'TransportRoles\Logs\Hub\ProtocolLog'; Mask = '*.LOG'; Recurse = $true }
    @{ Evidence = 'smtp-log'; For = ''; Do = 'Copy'; Root = 'exchange'; Path = 'TransportRoles\Logs\FrontEnd\ProtocolLog'; Mask = '*.LOG'; Recurse = $true }
    # Task Scheduler event log: When something that starts by itself was made.
    # It is overwritten when full: usually days to weeks.
    @{ Evidence = 'task-log'; For = ''; Do = 'Channel'; Channel = 'Microsoft-Windows-TaskScheduler/Operational' }
    # HTTP error log of Windows (HTTPERR): Attempts that failed before any site saw them.
    # Nothing deletes it by itself.
    @{ Evidence = 'http-error-log'; For = ''; Do = 'Copy'; Root = 'windows'; Path = 'System32\LogFiles\HTTPERR'; Mask = '*.log'; Recurse = $false }
    # Setup event log: Which updates of Windows were installed on which day.
    # It grows slowly: it usually reaches back for years.
    @{ Evidence = 'windows-setup-log'; For = ''; Do = 'Channel'; Channel = 'Setup' }
)

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
