//! What a text has that the one before it had not, and the other way round, line by line.
//!
//! The greedy search of Myers (An O(ND) Difference Algorithm, 1986) finds a shortest difference. What the two texts begin and end with alike
//! is left out first, which is nearly all where one edit lies between them.

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// In both texts.
    Both,
    /// In the one before alone.
    Before,
    /// In the one after alone.
    After,
}

/// One line of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Where it stands.
    pub(crate) side: Side,
    /// Its place, counted from 0: in the text after, or in the one before where it is only there.
    pub(crate) at: usize,
    /// Its words.
    pub(crate) text: &'a str,
}

/// So many lines may differ for the shortest difference to be looked for; else all that lies between is taken out and put in.
const STEPS_MAX: usize = 400;
/// So much work is worth it, in lines looked at, that nobody waits.
const WORK_MAX: usize = 2_000_000;

/// Returns every line of both texts, in order.
pub(crate) fn difference<'a>(before: &'a str, after: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let mut lines = Vec::new();
    let mut put = |side: Side, at: usize| {
        lines.push(Line { side, at, text: if side == Side::Before { old[at] } else { new[at] } });
    };
    (0..head).for_each(|at| put(Side::Both, at));
    let (mut i, mut j) = (head, head);
    for (x, y) in alike(&old[head..old_end], &new[head..new_end]) {
        (i..head + x).for_each(|at| put(Side::Before, at));
        (j..head + y).for_each(|at| put(Side::After, at));
        put(Side::Both, head + y);
        (i, j) = (head + x + 1, head + y + 1);
    }
    (i..old_end).for_each(|at| put(Side::Before, at));
    (j..new_end).for_each(|at| put(Side::After, at));
    (new_end..new.len()).for_each(|at| put(Side::Both, at));
    lines
}

/// Returns the places of lines that stay, in both texts.
fn alike(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let all = old.len() + new.len();
    let limit = all.min(STEPS_MAX).min(WORK_MAX / all.max(1));
    // far[k]: how far the old text is gone through on the diagonal k - middle with so many steps.
    let mut far = vec![0_usize; 2 * limit + 3];
    let mut trace: Vec<Vec<usize>> = Vec::new();
    let middle = limit + 1;
    for steps in 0..=limit {
        let mut k = middle - steps;
        while k <= middle + steps {
            let down = k == middle - steps || (k < middle + steps && far[k - 1] < far[k + 1]);
            let mut x = if down { far[k + 1] } else { far[k - 1] + 1 };
            let mut y = x + middle - k;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            far[k] = x;
            if x >= old.len() && y >= new.len() {
                return walked_back(&trace, old.len(), new.len(), middle);
            }
            k += 2;
        }
        trace.push(far.clone());
    }
    Vec::new()
}

/// Goes back the way that was found; on it, lines that stay are taken both at once.
fn walked_back(trace: &[Vec<usize>], mut x: usize, mut y: usize, middle: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (steps, far) in trace.iter().enumerate().rev() {
        // The step after `steps` led here from a neighbouring diagonal.
        let (steps, k) = (steps + 1, x + middle - y);
        let down = k == middle - steps || (k < middle + steps && far[k - 1] < far[k + 1]);
        let from = if down { k + 1 } else { k - 1 };
        let (old_x, old_y) = (far[from], far[from] + middle - from);
        let (start_x, start_y) = if down { (old_x, old_y + 1) } else { (old_x + 1, old_y) };
        while x > start_x && y > start_y {
            (x, y) = (x - 1, y - 1);
            found.push((x, y));
        }
        (x, y) = (old_x, old_y);
    }
    while x > 0 && y > 0 {
        (x, y) = (x - 1, y - 1);
        found.push((x, y));
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        let sign = |line: &Line| match line.side {
            Side::Both => " ",
            Side::Before => "-",
            Side::After => "+",
        };
        difference(before, after).iter().map(|line| [sign(line), line.text, ";"].concat()).collect()
    }

    #[test]
    fn a_difference_says_what_went_and_what_came() {
        assert_eq!(shown("a\nb\nc", "a\nx\nc"), " a;-b;+x; c;");
        assert_eq!(shown("", "a\nb"), "+a;+b;");
        assert_eq!(shown("a", ""), "-a;");
        assert_eq!(
            shown("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc").matches(['+', '-']).count(),
            5,
            "the paper's example"
        );
    }

    #[test]
    fn the_lines_of_either_side_are_the_text_again_and_none_is_moved_for_nothing() {
        let mut seed = 3_u32;
        let mut roll = |n: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % n
        };
        for _ in 0..400 {
            let mut text =
                |n: u32| (0..roll(n)).map(|_| ["a\n", "b\n", "c\n", "d\n"][roll(4) as usize]).collect::<String>();
            let (before, after) = (text(14), text(14));
            let lines = difference(&before, &after);
            let side =
                |not: Side| lines.iter().filter(|line| line.side != not).map(|line| line.text).collect::<Vec<_>>();
            assert_eq!(side(Side::After), before.lines().collect::<Vec<_>>());
            assert_eq!(side(Side::Before), after.lines().collect::<Vec<_>>());
            let kept = lines.iter().filter(|line| line.side == Side::Both).count();
            assert_eq!(kept, longest(&before, &after), "{before:?} {after:?}");
        }
    }

    /// The length of the longest common part, by the table of the textbook.
    fn longest(before: &str, after: &str) -> usize {
        let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
        let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
        for i in 0..old.len() {
            for j in 0..new.len() {
                table[i + 1][j + 1] =
                    if old[i] == new[j] { table[i][j] + 1 } else { table[i][j + 1].max(table[i + 1][j]) };
            }
        }
        table[old.len()][new.len()]
    }

    #[test]
    fn texts_with_little_in_common_are_not_searched_for_long() {
        let text = |from: usize| (from..from + 30_000).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
        let (before, after) = (text(0), text(100_000));
        assert_eq!(difference(&before, &after).len(), 60_000);
        let after = format!("new\n{before}\nlast\n");
        assert_eq!(difference(&before, &after).iter().filter(|line| line.side == Side::After).count(), 2);
    }
}
