//! Which program is meant where programs speak in one stream and cargo in another.

use super::block::Block;
use super::section::Section;

/// Gives each block the id of its program, where only one can be meant.
pub(super) fn pair(blocks: &mut [Block], inside: &[Section], apart: &[Section]) {
    if !inside.is_empty() {
        // Both stand in one text: a program says what is behind its line.
        for block in blocks {
            let behind = inside.partition_point(|section| section.start < block.start);
            if let Some(section) = behind.checked_sub(1).and_then(|at| inside.get(at)) {
                block.binary.id = section.id.clone();
            }
        }
        return;
    }
    let first = assign(blocks.iter(), apart.iter());
    let last = assign(blocks.iter().rev(), apart.iter().rev());
    let (Some(first), Some(last)) = (first, last) else { return };
    // The earliest and the latest program that a block can be of: where they are one, it is that.
    for ((block, early), late) in blocks.iter_mut().zip(first).zip(last.into_iter().rev()) {
        if std::ptr::eq(early, late) {
            block.binary.id = early.id.clone();
        }
    }
}

/// The first program that each block can be of, in order; nothing where there are not enough.
fn assign<'a, 'b>(
    blocks: impl Iterator<Item = &'b Block>,
    sections: impl Iterator<Item = &'a Section>,
) -> Option<Vec<&'a Section>> {
    let mut sections = sections;
    let mut current: Option<&Section> = None;
    let mut found = Vec::new();
    for block in blocks {
        // The examples of one library may come in several blocks.
        let goes_on = current.filter(|section| section.is_documentation && fits(block, section));
        let section = goes_on.or_else(|| sections.find(|section| fits(block, section)))?;
        current = Some(section);
        found.push(section);
    }
    Some(found)
}

fn fits(block: &Block, section: &Section) -> bool {
    let form = block.is_documentation().is_none_or(|it| it == section.is_documentation);
    // One of several blocks of examples can be well although the whole is not.
    let end = match block.has_failed {
        Some(true) => section.has_failed,
        Some(false) => !section.has_failed || section.is_documentation,
        None => true,
    };
    form && end
}
