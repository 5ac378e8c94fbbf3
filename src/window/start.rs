//! What has to be so before GTK starts.

use rustix::process::{Resource, Rlimit, setrlimit};
use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// A form needs no OpenGL, whose libraries take six times the memory of the rest (measured with GTK 4.8 on llvmpipe).
const DRAWING: [(&str, &str); 2] = [("GSK_RENDERER", "cairo"), ("GDK_DEBUG", "gl-disable")];

/// Switches core dumps off, and starts this program once more where GTK would draw by OpenGL: the environment decides,
/// and only that of a new program can be changed safely.
pub(crate) fn prepare() {
    // Pages with PINs are in no core dump; nothing else has to be in one, either. It can only fail by being so already.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    if DRAWING.iter().any(|(name, _)| env::var_os(name).is_some()) {
        return;
    }
    if let Ok(program) = env::current_exe() {
        // Returns only if it fails; then GTK draws as it likes.
        let _ = Command::new(program).args(env::args_os().skip(1)).envs(DRAWING).exec();
    }
}
