//! How much longer a command takes in a sandbox than without one.

#[cfg(target_os = "linux")]
mod measured {
    use std::process::{Command, Stdio};
    use std::time::Instant;

    use aether_core::base::Cancel;
    use aether_core::change::CommandLine;
    use aether_core::conformance::run_permit;
    use aether_core::port::{RunRequest, Runner};
    use aether_verify::{HostRunner, Launcher, SandboxKind};
    use criterion::Criterion;

    pub(crate) fn sandbox(criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group("run_true");
        group.bench_function("bare", |bencher| {
            bencher.iter(|| {
                let output = Command::new("/bin/true").env_clear().stdin(Stdio::null()).output();
                assert!(output.is_ok_and(|output| output.status.success()));
            });
        });
        let command = CommandLine::new("/bin/true", [] as [&str; 0]);
        let Ok(folder) = tempfile::tempdir() else {
            return;
        };
        let request = RunRequest::new(command.clone(), folder.path());
        for (name, kind) in [("namespaces", SandboxKind::Namespaces), ("restricted", SandboxKind::Restricted)]
        {
            let launcher = Launcher::new(env!("CARGO_BIN_EXE_aether-sandbox-launch"), [] as [&str; 0]);
            let runner =
                HostRunner::new(launcher, Instant::now).with_allowed([command.clone()]).with_sandbox(kind);
            group.bench_function(name, |bencher| {
                bencher.iter(|| {
                    let report = futures::executor::block_on(runner.run(
                        run_permit(&request.command),
                        &request,
                        &Cancel::new(),
                    ));
                    assert!(report.is_ok_and(|report| report.is_green()));
                });
            });
        }
        group.finish();
    }
}

#[cfg(target_os = "linux")]
criterion::criterion_group!(benches, measured::sandbox);
#[cfg(target_os = "linux")]
criterion::criterion_main!(benches);

#[cfg(not(target_os = "linux"))]
fn main() {}
