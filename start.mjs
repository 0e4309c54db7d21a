// npm start, and every other command of the project: node start.mjs [script.ts [arguments]]
//
// Runs a TypeScript file of the project with the Node that the project pins, after installing what is missing.
// Plain JavaScript without dependencies, because it runs before there are any, on the Node that the machine has.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants as system } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST_NODE = 20
const INSTALL_LIMIT_MS = 15 * 60_000
const ROOT = dirname(fileURLToPath(import.meta.url))
const MODULES = join(ROOT, 'node_modules')
const INSTALL_LOCK = join(ROOT, '.install.lock')
const PINNED = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const PINNED_INSTALLER = join(MODULES, 'node', 'installArchSpecificPackage.js')

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

const [script = 'server/src/main.ts', ...args] = process.argv.slice(2)

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) fail(`CHE·NU needs Node ${OLDEST_NODE} or newer to start; this is ${process.version}.`)
await ensureInstalled()
await ensurePinnedNode()
run(resolve(ROOT, script), args)

/** Installs the dependencies when they are not those of package-lock.json. Of several starts at once, one installs and the others wait. */
async function ensureInstalled() {
  if (isInstalled()) return
  await takeInstallLock()
  if (!isInstalled()) {
    process.stderr.write('Installing the dependencies; this takes a minute the first time.\n')
    if (!(await runToEnd('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], ROOT))) fail(`The dependencies could not be installed; run npm ci in ${ROOT} to see why.`)
  }
  rmSync(INSTALL_LOCK, { force: true })
}

/** Runs a program of the installation; true when it succeeded. What it says goes to stderr: stdout belongs to the script. */
async function runToEnd(command, given, cwd) {
  // Listening comes first: a signal between the two would end this process and leave the other.
  const pass = (signal) => { child.kill(signal) }
  for (const signal of SIGNALS) process.on(signal, pass)
  const child = spawn(command, given, { cwd, stdio: ['ignore', 2, 2], env: environmentOfNpm(), shell: process.platform === 'win32' })
  // Should this process be killed, the installation may go on: whoever comes next waits for that one too.
  if (child.pid) writeFileSync(INSTALL_LOCK, `${process.pid} ${child.pid}`)
  const [code, signal] = await once(child, 'exit').catch((error) => fail(`${command} cannot be run (${error.message}); install it and start again.`))
  for (const name of SIGNALS) process.off(name, pass)
  if (signal) process.exit(128 + system.signals[signal])
  return code === 0
}

/**
 * True when what npm wrote down about its last installation has every package of the lock file in its version. npm
 * writes that file last, so an interrupted installation has none. Packages that npm may leave out (optional ones of
 * other platforms, and those for development where someone chose so) may be missing.
 */
function isInstalled() {
  const wanted = packagesOf(join(ROOT, 'package-lock.json'))
  const present = packagesOf(join(MODULES, '.package-lock.json'))
  if (!wanted) fail(`There is no package-lock.json in ${ROOT}; clone the project again.`)
  if (!present) return false
  return Object.entries(wanted).every(([path, { version, integrity, optional, dev, devOptional }]) => {
    if (!path.startsWith('node_modules/')) return true
    const found = present[path]
    if (!found) return Boolean(optional || dev || devOptional)
    return found.version === version && found.integrity === integrity
  })
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** npm must not run on the Node of the very folder that it replaces. */
function environmentOfNpm() {
  const own = join(MODULES, '.bin')
  const PATH = (process.env.PATH ?? '').split(delimiter).filter((folder) => resolve(folder) !== own).join(delimiter)
  return { ...process.env, PATH }
}

async function takeInstallLock() {
  for (let waited = 0; ; waited += 1) {
    try {
      writeFileSync(INSTALL_LOCK, String(process.pid), { flag: 'wx' })
      process.once('exit', () => { if (holdersOfLock()?.split(' ')[0] === String(process.pid)) rmSync(INSTALL_LOCK, { force: true }) })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`The dependencies cannot be installed in ${ROOT} (${error.code}); run npm ci there with an account that may write.`)
    }
    const holders = holdersOfLock()
    if (holders && !holders.split(' ').some((pid) => isAlive(Number(pid)))) removeStaleLock(holders)
    else if (waited === 0) process.stderr.write(`Another start is installing the dependencies; waiting for it (if there is none, remove ${INSTALL_LOCK}).\n`)
    if (waited * 200 > INSTALL_LIMIT_MS) fail(`Another start has been installing for too long; if there is none, remove ${INSTALL_LOCK}.`)
    await new Promise((done) => { setTimeout(done, 200) })
  }
}

/** The processes of the installation in progress, such as `12 34`. */
function holdersOfLock() {
  try {
    return readFileSync(INSTALL_LOCK, 'utf8')
  } catch {
    return undefined
  }
}

/** Takes the dead holder's lock away by renaming, and puts it back if another start was faster and it is a living one's. */
function removeStaleLock(holders) {
  const aside = `${INSTALL_LOCK}.${process.pid}`
  try {
    renameSync(INSTALL_LOCK, aside)
    const taken = readFileSync(aside, 'utf8')
    if (taken !== holders) writeFileSync(INSTALL_LOCK, taken, { flag: 'wx' })
  } catch {
    // Another start was faster; the next round tells who has it.
  } finally {
    rmSync(aside, { force: true })
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The package of the pinned Node fetches its program by an install script, which npm may have been told to skip. */
async function ensurePinnedNode() {
  if (isProgram(PINNED)) return
  await takeInstallLock()
  if (!isProgram(PINNED)) {
    process.stderr.write('Fetching the Node that the project pins.\n')
    await runToEnd(process.execPath, [PINNED_INSTALLER], dirname(PINNED_INSTALLER))
    if (!isProgram(PINNED)) fail(`The pinned Node is missing; run: cd ${dirname(PINNED_INSTALLER)} && node ${PINNED_INSTALLER}`)
  }
  rmSync(INSTALL_LOCK, { force: true })
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Runs the script in our process group, so that what is sent to the group reaches it, and ends as it ends. */
function run(path, given) {
  // Ctrl-C reaches the whole group, so the script may get a signal twice; the server counts the first one only.
  for (const signal of SIGNALS) process.on(signal, () => { child.kill(signal) })
  // Nothing of ours reads `__proto__`; without it, what someone manages to write there reaches no prototype.
  // The channel carries nothing: its end tells the script that this process was killed.
  const child = spawn(PINNED, ['--disable-proto=delete', path, ...given], { cwd: ROOT, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  child.once('error', (error) => { fail(`The pinned Node in ${PINNED} cannot be run (${error.message}); remove node_modules and start again.`) })
  child.once('exit', (code, signal) => { process.exit(signal ? 128 + system.signals[signal] : code) })
  if (process.env.npm_lifecycle_event) endWithNpm(child)
}

/** npm passes signals on, but a killed npm cannot: without this its server would stay, and keep the port and the data. */
function endWithNpm(child) {
  const lineage = lineageToNpm()
  const watch = setInterval(() => {
    if (lineageToNpm() === lineage) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, 500)
}

/** Our parent and, when that is the shell which npm runs scripts in, the parent of it. Whoever started npm may go. */
function lineageToNpm() {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S+ (\d+)/s.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8'))
    return /^(npm|node)/.test(name) ? `${process.ppid}` : `${process.ppid} ${parent}`
  } catch {
    return `${process.ppid}` // Only Linux tells about others.
  }
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
