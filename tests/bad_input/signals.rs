//! A run that is stopped: by Ctrl-C, which cleans up, and by a kill, which cannot.

use crate::support::Sandbox;
use crate::{INTERRUPTED, sandbox};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How soon a run must end after Ctrl-C.
const AT_ONCE: Duration = Duration::from_secs(2);
/// How long anything else may take.
const LONG: Duration = Duration::from_secs(60);

/// A folder with a list of so many edges, which takes a while.
fn with_many(rows: u64) -> Sandbox {
    let sandbox = sandbox();
    let mut text = String::from("source,target\n");
    let mut state = 88_172_645_463_325_252_u64;
    for _ in 0..rows {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(&format!("{},{}\n", state % 300_007, (state >> 32) % 1_000 * ((state >> 20) % 300)));
    }
    sandbox.write("many.csv", text);
    sandbox
}

fn start(sandbox: &Sandbox, args: &[&str]) -> Child {
    let mut all = vec!["run", "-o", "run", "--progress", "plain"];
    all.extend(args);
    sandbox.command(all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Ctrl-C.
fn interrupt(child: &Child) {
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(sent.success());
}

/// Waits until the temporary folder of the run is there.
#[track_caller]
fn wait_for_writing(sandbox: &Sandbox, child: &mut Child) {
    let start = Instant::now();
    while !sandbox.names().iter().any(|name| name.starts_with(".run.part")) {
        assert!(child.try_wait().unwrap().is_none(), "ended before it was stopped");
        assert!(start.elapsed() < LONG, "nothing was written");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Interrupts, and asserts what a run does then.
#[track_caller]
fn check_interrupted(sandbox: &Sandbox, mut child: Child, wanted: &[&str]) {
    assert!(child.try_wait().unwrap().is_none(), "ended before it was interrupted");
    interrupt(&child);
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() && start.elapsed() < LONG / 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let took = start.elapsed();
    // In case it still runs; it is of no use any more.
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(took < AT_ONCE, "took {took:?}\n{said}");
    assert_eq!(output.status.code(), Some(INTERRUPTED), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(sandbox.names(), wanted, "left behind");
}

#[test]
fn interrupted_while_reading() {
    let sandbox = with_many(2_000_000);
    let child = start(&sandbox, &["many.csv"]);
    std::thread::sleep(Duration::from_millis(500));
    check_interrupted(&sandbox, child, &["good.csv", "many.csv"]);
}

#[test]
fn interrupted_while_computing() {
    let sandbox = with_many(2_000_000);
    let mut child = start(&sandbox, &["many.csv", "--metrics", "community"]);
    // `build` is told when it is done; what comes next takes many seconds.
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
    assert!(lines.any(|line| line.unwrap().contains("build")), "the build is told");
    std::thread::sleep(Duration::from_millis(200));
    check_interrupted(&sandbox, child, &["good.csv", "many.csv"]);
}

#[test]
fn interrupted_while_writing() {
    let sandbox = with_many(2_000_000);
    let mut child = start(&sandbox, &["many.csv", "--metrics", "degree"]);
    wait_for_writing(&sandbox, &mut child);
    check_interrupted(&sandbox, child, &["good.csv", "many.csv"]);
}

#[test]
fn interrupted_while_waiting_for_standard_input() {
    let sandbox = sandbox();
    let mut command = sandbox.command(["run", "-", "-o", "run", "--progress", "none"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let open = child.stdin.take();
    std::thread::sleep(Duration::from_millis(700));
    check_interrupted(&sandbox, child, &["good.csv"]);
    drop(open);
}

#[test]
fn a_kill_leaves_the_old_run_whole() {
    let sandbox = with_many(400_000);
    sandbox.run_folder(["good.csv"]);
    let contents = || {
        let entries = std::fs::read_dir(sandbox.path("run")).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = entries.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
        files.sort();
        files
    };
    let before = contents();
    for is_writing in [false, true] {
        let mut child = start(&sandbox, &["many.csv", "--metrics", "degree", "--force"]);
        if is_writing {
            wait_for_writing(&sandbox, &mut child);
        } else {
            std::thread::sleep(Duration::from_millis(300));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(contents(), before, "the old run is as it was (while writing: {is_writing})");
        assert_eq!(sandbox.echogram(["top", "run"]).code, 0);
    }
    // A kill cannot clean up; what it leaves is hidden, and does not disturb the next run.
    let others: Vec<String> = sandbox.names().into_iter().filter(|name| !name.starts_with(".run.")).collect();
    assert_eq!(others, ["good.csv", "many.csv", "run"]);
    sandbox.run_into("run", ["good.csv", "--force"]);
}
