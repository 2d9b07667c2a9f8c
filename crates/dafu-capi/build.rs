//! Keeps the shared library in a process once it is loaded.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Threads of the library may still run when a program calls `dlclose`: those that build an index stay until the
    // process ends. Their code must not be taken away, so `dlclose` is made to leave it in place.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
        // A dependency exports C functions of its own (`opencc_convert` ...), which are none of this library's.
        println!("cargo::rustc-cdylib-link-arg=-Wl,--exclude-libs,ALL");
    }
}
