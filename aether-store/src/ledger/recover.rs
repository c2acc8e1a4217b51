//! Opening after whatever happened: every line is read, and what a crash left half written is cut off.

use super::disk::Disk;
use super::error::{Fault, io_fault};
use super::line::Line;
use super::options::MAX_BATCH_BYTES;
use super::state::State;

/// What opening cut off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Recovered {
    /// The event that it would have begun with.
    pub seq: u64,
    /// How many bytes it was. When whole lines were among them, a file `torn-<seq>` in the folder has them.
    pub bytes: u64,
}

/// Reads all segments and puts the last one in order.
pub(super) fn recover(disk: &dyn Disk) -> Result<(State, Option<Recovered>), Fault> {
    let mut state = State::new();
    let mut recovered = None;
    let segments = disk.segments().map_err(io_fault("list"))?;
    for (index, &segment) in segments.iter().enumerate() {
        let seq = state.size();
        // A name that does not fit has lines missing in front, or is one too many.
        if segment != seq {
            return Err(Fault::Damaged { seq });
        }
        state.start_segment();
        let bytes = disk.read(segment).map_err(io_fault("read"))?;
        let good = take_lines(&mut state, &bytes);
        let rest = &bytes[good..];
        let is_last = index + 1 == segments.len();
        if !rest.is_empty() {
            if !is_last || !is_torn(rest) {
                return Err(Fault::Damaged { seq: state.size() });
            }
            recovered = Some(cut(disk, segment, good, rest, state.size())?);
        }
        if is_last {
            settle(disk, segment, &bytes[..good])?;
        }
    }
    Ok((state, recovered))
}

/// Takes the lines that fit; gives the length of them.
fn take_lines(state: &mut State, bytes: &[u8]) -> usize {
    let mut good = 0;
    while let Some(length) = bytes[good..].iter().position(|byte| *byte == b'\n') {
        let text = &bytes[good..good + length];
        match Line::parse(text) {
            Some(line) if line.seq == state.size() && line.prev == state.last_hash() && line.is_sound() => {
                state.push(text, line.hash);
            }
            _ => break,
        }
        good += length + 1;
    }
    good
}

/// Whether a crash can have left this behind the last good line: a line without its end, or, when the
/// power failed, bytes of zero where blocks of the last batch did not reach the disk. Anything else was
/// written there by someone else, and nothing is cut off.
fn is_torn(rest: &[u8]) -> bool {
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.len() == rest.len() || (rest.len() <= MAX_BATCH_BYTES && line.contains(&0))
}

fn cut(disk: &dyn Disk, segment: u64, good: usize, rest: &[u8], seq: u64) -> Result<Recovered, Fault> {
    if rest.contains(&b'\n') {
        // Never acknowledged, if nobody but a crash was here; should it be otherwise, this is the evidence.
        disk.keep(seq, rest).map_err(io_fault("recover"))?;
    }
    disk.truncate(segment, good as u64).map_err(io_fault("recover"))?;
    Ok(Recovered { seq, bytes: rest.len() as u64 })
}

/// Makes the end of the last segment safe before anything is written behind it.
///
/// After a wait for the disk that failed, lines may be there to read that are not on disk, and that no
/// later wait would bring there: the system takes them for written. So they are written again.
fn settle(disk: &dyn Disk, segment: u64, good: &[u8]) -> Result<(), Fault> {
    let start = good.len().saturating_sub(MAX_BATCH_BYTES);
    disk.write(segment, start as u64, &good[start..]).map_err(io_fault("recover"))?;
    disk.sync(segment).map_err(io_fault("recover"))?;
    // The segment itself may be as new as its lines.
    disk.sync_folder().map_err(io_fault("recover"))
}
