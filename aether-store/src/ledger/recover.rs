//! Reading on after whatever happened: every new line is read, and what a crash left half written is cut off.

use std::io;

use super::disk::{Disk, Held};
use super::error::{Fault, io_fault};
use super::line::Line;
use super::options::MAX_BATCH_BYTES;
use super::state::State;

/// What was cut off behind the last good line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Recovered {
    /// The event that it would have begun with.
    pub seq: u64,
    /// How many bytes it was. When whole lines were among them, a file `torn-<seq>` in the folder has them.
    pub bytes: u64,
}

/// Takes into `state` what stands behind it. Who holds the lock also cuts off what is half written, and makes the
/// end safe; without the lock, somebody may be writing it now, and it counts for nothing.
pub(super) fn catch_up(
    disk: &dyn Disk,
    state: &mut State,
    held: Option<&mut dyn Held>,
) -> Result<Option<Recovered>, Fault> {
    let segments = match disk.segments() {
        Err(error) if held.is_none() && error.kind() == io::ErrorKind::NotFound => Vec::new(),
        segments => segments.map_err(io_fault("list"))?,
    };
    let known: Vec<u64> = state.segments().collect();
    if let Some(at) = (0..known.len()).find(|&at| segments.get(at) != Some(&known[at])) {
        return Err(Fault::Damaged { seq: known[at] });
    }
    let mut recovered = None;
    for (index, &segment) in segments.iter().enumerate().skip(known.len().saturating_sub(1)) {
        if index >= known.len() {
            // A name that does not fit has lines missing in front, or is one too many.
            if segment != state.size() {
                return Err(Fault::Damaged { seq: state.size() });
            }
            state.start_segment();
        }
        let start = state.tail().map_or(0, |(_, length)| length);
        let length = disk.length(segment).map_err(io_fault("read"))?;
        if length < start {
            return Err(Fault::Damaged { seq: state.first_beyond(length) });
        }
        if length == start {
            continue;
        }
        let bytes = disk.read_from(segment, start).map_err(io_fault("read"))?;
        let good = take_lines(state, &bytes);
        let rest = &bytes[good..];
        if !rest.is_empty() {
            let is_last = index + 1 == segments.len();
            if !is_last || !is_torn(rest) {
                return Err(Fault::Damaged { seq: state.size() });
            }
            if held.is_some() {
                recovered = Some(cut(disk, segment, start + good as u64, rest, state.size())?);
            }
        }
    }
    if let (Some(held), Some((segment, length))) = (held, state.tail())
        && held.end().map_err(io_fault("read the lock of"))? != Some((segment, length))
    {
        settle(disk, segment, length)?;
        held.set_end(segment, length).map_err(io_fault("write the lock of"))?;
    }
    Ok(recovered)
}

/// Takes the lines that fit; gives the length of them.
fn take_lines(state: &mut State, bytes: &[u8]) -> usize {
    let mut good = 0;
    while let Some(length) = bytes[good..].iter().position(|byte| *byte == b'\n') {
        let text = &bytes[good..good + length];
        match Line::parse(text) {
            Some(line) if line.seq == state.size() && line.prev == state.last_hash() && line.is_sound() => {
                state.push(text, line.event, line.hash);
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

fn cut(disk: &dyn Disk, segment: u64, good: u64, rest: &[u8], seq: u64) -> Result<Recovered, Fault> {
    if rest.contains(&b'\n') {
        // Never acknowledged, if nobody but a crash was here; should it be otherwise, this is the evidence.
        disk.keep(seq, rest).map_err(io_fault("recover"))?;
    }
    disk.truncate(segment, good).map_err(io_fault("recover"))?;
    Ok(Recovered { seq, bytes: rest.len() as u64 })
}

/// Makes the end of the last segment safe before anything is written behind it.
///
/// After a wait for the disk that failed, lines may be there to read that are not on disk, and that no
/// later wait would bring there: the system takes them for written. So they are written again.
fn settle(disk: &dyn Disk, segment: u64, length: u64) -> Result<(), Fault> {
    let start = length.saturating_sub(MAX_BATCH_BYTES as u64);
    let mut good = disk.read_from(segment, start).map_err(io_fault("recover"))?;
    good.truncate(usize::try_from(length - start).unwrap_or(usize::MAX));
    disk.write(segment, start, &good).map_err(io_fault("recover"))?;
    disk.sync(segment).map_err(io_fault("recover"))?;
    // The segment itself may be as new as its lines.
    disk.sync_folder().map_err(io_fault("recover"))
}
