//! Where cutoffs and windows cut a subject's rows.

use domain::Cutoff;

use crate::spec::Window;

/// For each cutoff the rows it sees and where each window begins, by merging the two once for all features of a table.
#[derive(Default)]
pub(crate) struct Cuts {
    cutoffs: Vec<Cutoff>,
    /// The row of the output that each cutoff writes to.
    rows: Vec<u32>,
    /// One past the last visible row, by cutoff.
    ends: Vec<u32>,
    /// The first moment of each window, by window, then cutoff.
    opens: Vec<i64>,
    /// The first row of each window, by window, then cutoff.
    starts: Vec<u32>,
}

impl Cuts {
    /// Cuts rows at these times (ascending) by cutoffs (ascending), each with its row of the output.
    pub(crate) fn cut(&mut self, at: &[i64], windows: &[Window], cutoffs: impl Iterator<Item = (Cutoff, u32)>) {
        self.cutoffs.clear();
        self.rows.clear();
        for (cutoff, row) in cutoffs {
            self.cutoffs.push(cutoff);
            self.rows.push(row);
        }
        self.ends.clear();
        let mut end = 0;
        for cutoff in &self.cutoffs {
            end += at[end..].partition_point(|at| *at <= cutoff.moment().0);
            self.ends.push(in_32_bits(end));
        }
        self.opens.clear();
        self.starts.clear();
        for window in windows {
            let mut start = 0;
            for (cutoff, end) in self.cutoffs.iter().zip(&self.ends) {
                let open = window.opens(*cutoff);
                start += at[start..*end as usize].partition_point(|at| *at < open);
                self.opens.push(open);
                self.starts.push(in_32_bits(start));
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.cutoffs.len()
    }

    pub(crate) fn cutoff(&self, cut: usize) -> Cutoff {
        self.cutoffs[cut]
    }

    /// The last known microsecond.
    pub(crate) fn last_moment(&self, cut: usize) -> i64 {
        self.cutoffs[cut].moment().0
    }

    /// The row of the output.
    pub(crate) fn row(&self, cut: usize) -> usize {
        self.rows[cut] as usize
    }

    /// One past the last visible row.
    pub(crate) fn end(&self, cut: usize) -> usize {
        self.ends[cut] as usize
    }

    /// The first row of a window.
    pub(crate) fn start(&self, window: usize, cut: usize) -> usize {
        self.starts[window * self.cutoffs.len() + cut] as usize
    }

    /// The first moment of a window.
    pub(crate) fn opens(&self, window: usize, cut: usize) -> i64 {
        self.opens[window * self.cutoffs.len() + cut]
    }

    /// The first cutoff that sees a moment.
    pub(crate) fn first_to_see(&self, moment: i64) -> usize {
        self.cutoffs.partition_point(|cutoff| cutoff.moment().0 < moment)
    }

    /// The first cutoff whose window begins after a moment.
    pub(crate) fn first_to_forget(&self, window: usize, moment: i64) -> usize {
        let cuts = self.cutoffs.len();
        self.opens[window * cuts..(window + 1) * cuts].partition_point(|open| *open <= moment)
    }
}

impl Window {
    /// The first moment that a window before a cutoff holds.
    pub(crate) fn opens(self, cutoff: Cutoff) -> i64 {
        match self {
            Self::Days(days) => cutoff.0.plus(1 - i32::from(days)).start().0,
            Self::All => i64::MIN,
        }
    }
}

/// A row's or a cutoff's position, in half the space. Rows of a table are counted in 32 bits: the builder sees to it.
pub(crate) fn in_32_bits(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use domain::Day;

    use super::*;

    #[test]
    fn a_window_of_one_day_is_the_cutoffs_day() {
        let at: Vec<i64> = [9, 10, 10, 11].map(|day| Day(day).start().0).to_vec();
        let mut cuts = Cuts::default();
        let cutoffs = [(Cutoff(Day(8)), 0), (Cutoff(Day(10)), 1)];
        cuts.cut(&at, &[Window::Days(1), Window::All], cutoffs.into_iter());
        assert_eq!((cuts.start(0, 0), cuts.end(0)), (0, 0));
        assert_eq!((cuts.start(0, 1), cuts.end(1)), (1, 3));
        assert_eq!((cuts.start(1, 1), cuts.end(1)), (0, 3));
        assert_eq!(cuts.first_to_see(at[1]), 1);
        assert_eq!(cuts.first_to_forget(0, at[0]), 1);
        assert_eq!(cuts.first_to_forget(1, at[0]), 2);
    }
}
