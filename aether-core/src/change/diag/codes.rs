//! Which class each error code of rustc belongs to.

use super::DiagnosticClass;

/// The codes that rustc 1.95 explains, in the class that a repair of them begins with.
///
/// Codes that only concern constant evaluation, `unsafe`, unstable features, linking, inline assembly or
/// the compiler's own attributes are `other`; attributes that a user writes are `syntax`. A code that no
/// row has is `other` as well.
const ROWS: [(DiagnosticClass, &[u16]); 10] = [
    (
        DiagnosticClass::BORROW,
        &[
            301, 302, 303, 384, 386, 387, 388, 389, 492, 499, 500, 501, 502, 503, 506, 510, 515, 524, 594,
            595, 596, 597, 626, 712, 713, 716, 745, 793, 796,
        ],
    ),
    (DiagnosticClass::MOVE, &[7, 9, 381, 382, 383, 504, 505, 507, 508, 509]),
    (
        DiagnosticClass::LIFETIME,
        &[
            88, 90, 106, 110, 195, 226, 227, 228, 261, 262, 263, 309, 310, 311, 312, 316, 373, 398, 476, 477,
            478, 482, 491, 495, 496, 521, 581, 582, 621, 623, 637, 657, 687, 688, 700, 726, 759, 771, 772,
            794, 803,
        ],
    ),
    (
        DiagnosticClass::TYPE,
        &[
            1, 2, 4, 5, 23, 27, 29, 30, 33, 44, 45, 54, 55, 57, 59, 60, 61, 63, 69, 71, 72, 73, 74, 75, 76,
            77, 81, 84, 87, 89, 91, 107, 109, 121, 128, 131, 132, 139, 158, 161, 162, 164, 165, 211, 212,
            243, 244, 282, 283, 284, 297, 307, 308, 317, 320, 329, 370, 391, 392, 409, 436, 512, 527, 528,
            529, 562, 571, 579, 580, 591, 593, 604, 605, 606, 607, 610, 614, 615, 617, 618, 619, 620, 628,
            631, 632, 638, 641, 644, 646, 647, 666, 667, 671, 689, 690, 691, 698, 699, 720, 730, 731, 732,
            733, 735, 740, 741, 743, 746, 747, 760, 769, 770, 784, 792, 795, 801, 806,
        ],
    ),
    (
        DiagnosticClass::TRAIT,
        &[
            34, 38, 40, 46, 49, 50, 53, 116, 117, 118, 119, 120, 183, 184, 185, 186, 191, 192, 193, 197, 198,
            199, 200, 201, 203, 204, 205, 206, 207, 210, 221, 222, 223, 224, 225, 229, 271, 275, 276, 277,
            281, 321, 322, 323, 324, 325, 326, 328, 366, 367, 368, 369, 371, 374, 375, 376, 377, 378, 379,
            380, 390, 393, 399, 407, 437, 438, 520, 525, 567, 568, 569, 592, 599, 600, 608, 643, 665, 706,
            714, 715, 719, 749, 750, 751, 785, 790, 802, 804,
        ],
    ),
    (
        DiagnosticClass::VISIBILITY,
        &[364, 365, 445, 446, 447, 448, 449, 451, 577, 578, 603, 616, 624, 639, 704, 742],
    ),
    (
        DiagnosticClass::NAME,
        &[
            25, 26, 62, 124, 136, 137, 138, 170, 220, 251, 252, 253, 254, 255, 256, 259, 260, 401, 403, 404,
            405, 408, 411, 412, 415, 416, 422, 423, 424, 425, 426, 428, 429, 430, 431, 432, 433, 434, 435,
            463, 468, 469, 530, 531, 532, 533, 559, 560, 573, 574, 575, 576, 583, 601, 609, 659, 761, 767,
            773, 799, 800,
        ],
    ),
    (
        DiagnosticClass::SYNTAX,
        &[
            67, 70, 130, 154, 178, 214, 230, 231, 232, 267, 268, 452, 458, 459, 466, 498, 516, 517, 518, 534,
            535, 536, 537, 538, 539, 541, 550, 551, 552, 556, 561, 565, 566, 572, 584, 585, 586, 587, 588,
            589, 590, 627, 633, 634, 642, 648, 670, 692, 693, 695, 696, 697, 701, 703, 708, 722, 724, 727,
            728, 736, 737, 739, 748, 752, 753, 754, 755, 756, 757, 758, 762, 763, 765, 766, 768, 774, 777,
            778, 779, 780, 782, 783, 788, 797, 805,
        ],
    ),
    (DiagnosticClass::LINT, &[453, 602, 710]),
    (
        DiagnosticClass::OTHER,
        &[
            10, 13, 14, 15, 80, 92, 93, 94, 133, 152, 208, 264, 439, 454, 455, 457, 460, 461, 462, 464, 472,
            493, 497, 511, 514, 519, 522, 523, 542, 543, 544, 545, 546, 547, 549, 554, 557, 570, 622, 625,
            635, 636, 640, 658, 660, 661, 662, 663, 664, 668, 669, 705, 711, 717, 718, 725, 729, 734, 744,
            764, 775, 776, 781, 786, 787, 789, 791, 798,
        ],
    ),
];

/// The class of an error code such as `E0382`, or nothing where no row has it.
pub(super) fn class_of(code: &str) -> Option<DiagnosticClass> {
    let digits =
        code.strip_prefix('E').filter(|it| it.len() == 4 && it.bytes().all(|b| b.is_ascii_digit()))?;
    let number: u16 = digits.parse().ok()?;
    ROWS.iter().find(|(_, codes)| codes.binary_search(&number).is_ok()).map(|(class, _)| class.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ROWS;

    /// The search in a row relies on it, and a code in two rows would have the class of the first.
    #[test]
    fn rows_are_sorted_and_disjoint() {
        let mut seen = BTreeSet::new();
        for (class, codes) in &ROWS {
            assert!(codes.is_sorted(), "{class}");
            for code in *codes {
                assert!(seen.insert(code), "{code} of {class} stands twice");
            }
        }
        assert_eq!(seen.len(), 518);
    }
}
