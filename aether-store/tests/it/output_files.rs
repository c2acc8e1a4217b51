//! What commands printed is kept under its hash, as long as there is room.

use aether_core::base::Sha256Hash;
use aether_core::port::OutputStore as _;
use aether_store::OutputFiles;

#[test]
fn the_oldest_go_and_what_was_changed_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let outputs =
        OutputFiles::new(folder.path().join("outputs")).with_max_output_bytes(100).with_max_bytes(250);
    let output = |number: u8| vec![b'a' + number; 100];
    let is_kept = |number: u8| outputs.output(&Sha256Hash::of(&output(number))).expect("it reads").is_some();
    assert!(!is_kept(0));
    assert!(!outputs.keep(&[0; 101]).expect("it is too long"));
    let age = |number: u8, seconds: u64| {
        let name = Sha256Hash::of(&output(number)).to_string().replace("sha256:", "");
        let path = folder.path().join("outputs").join(format!("{name}.txt"));
        let file = std::fs::OpenOptions::new().write(true).open(path).expect("an output");
        let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        file.set_modified(time).expect("a time");
    };
    for number in 0..2 {
        assert!(outputs.keep(&output(number)).expect("it is kept"));
        age(number, 100 + u64::from(number));
    }
    assert!(is_kept(0) && is_kept(1));
    assert!(outputs.keep(&output(2)).expect("it is kept"));
    assert_eq!([0, 1, 2].map(is_kept), [false, true, true]);
    // Kept once more, one is young again.
    age(2, 200);
    outputs.keep(&output(1)).expect("it is kept");
    outputs.keep(&output(3)).expect("it is kept");
    assert_eq!([1, 2, 3].map(is_kept), [true, false, true]);
    let name = Sha256Hash::of(&output(3)).to_string().replace("sha256:", "");
    std::fs::write(folder.path().join("outputs").join(format!("{name}.txt")), "else").expect("it writes");
    assert!(!is_kept(3));
    outputs.keep(&output(3)).expect("it is kept");
    assert!(is_kept(3));
}
