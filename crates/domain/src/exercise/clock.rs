//! The clock of an exercise: when something is due follows from its offset and the append-only acts on the clock alone.
//! Nothing else is remembered, so that a pause, a crash or a restart loses nothing.

use super::event::conduct::ClockAct;
use serde::Serialize;

/// Fastest speed.
pub const SPEED_MAX: u8 = 8;

/// Where an exercise is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    /// Before DEBEX.
    #[default]
    Waiting,
    /// Goes on.
    Running,
    /// Held.
    Paused,
    /// After FINEX.
    Finished,
    /// Stopped by a real emergency.
    Stopped,
}

impl Run {
    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "pas commencé",
            Self::Running => "en marche",
            Self::Paused => "suspendu",
            Self::Finished => "terminé",
            Self::Stopped => "arrêté",
        }
    }

    /// Between DEBEX and FINEX.
    pub fn is_on(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }

    /// Nothing more will be played.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Stopped)
    }
}

/// An act on the clock, with the moment from which it counts (milliseconds since 1970).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// When.
    pub at: i64,
    /// What.
    pub act: ClockAct,
}

/// From a moment on, exercise time goes like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// When it begins, milliseconds since 1970.
    pub from: i64,
    /// Exercise time then, milliseconds after DEBEX.
    pub offset: i64,
    /// How many times as fast as the wall clock while it runs.
    pub speed: u8,
    /// Whether it goes on.
    pub run: Run,
}

impl Stretch {
    fn offset_at(&self, at: i64) -> i64 {
        if self.run != Run::Running {
            return self.offset;
        }
        self.offset.saturating_add(at.saturating_sub(self.from).max(0).saturating_mul(i64::from(self.speed)))
    }
}

/// All that was done to the clock of one exercise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Clock {
    steps: Vec<Step>,
    #[serde(skip)]
    stretches: Vec<Stretch>,
}

const BEFORE: Stretch = Stretch { from: i64::MIN, offset: 0, speed: 1, run: Run::Waiting };

impl Clock {
    /// Takes an act into account; whether it changed anything. A moment before the last act counts from that one; an act that means
    /// nothing there (resume while it runs, a jump back) is passed over.
    pub fn push(&mut self, act: ClockAct, at: i64) -> bool {
        let last = self.last();
        let at = at.max(last.from);
        let offset = last.offset_at(at);
        let now = Stretch { from: at, offset, ..last };
        let next = match (&act, last.run) {
            (ClockAct::Start, Run::Waiting) => Stretch { run: Run::Running, ..now },
            (ClockAct::Pause, Run::Running) => Stretch { run: Run::Paused, ..now },
            (ClockAct::Resume, Run::Paused) => Stretch { run: Run::Running, ..now },
            (ClockAct::Speed(speed), run) if !run.is_over() && (1..=SPEED_MAX).contains(speed) && *speed != last.speed => {
                Stretch { speed: *speed, ..now }
            }
            (ClockAct::Jump(to), run) if run.is_on() && *to > offset => Stretch { offset: *to, ..now },
            (ClockAct::Finish, run) if run.is_on() => Stretch { run: Run::Finished, ..now },
            (ClockAct::Stop(_), run) if !run.is_over() => Stretch { run: Run::Stopped, ..now },
            _ => return false,
        };
        self.steps.push(Step { at, act });
        self.stretches.push(next);
        true
    }

    fn last(&self) -> Stretch {
        self.stretches.last().copied().unwrap_or(BEFORE)
    }

    /// How exercise time goes at a moment.
    pub fn at(&self, at: i64) -> Stretch {
        let after = self.stretches.partition_point(|s| s.from <= at);
        after.checked_sub(1).and_then(|place| self.stretches.get(place)).copied().unwrap_or(BEFORE)
    }

    /// How it goes now that all that was done counts.
    pub fn run(&self) -> Run {
        self.last().run
    }

    /// How many times as fast as the wall clock.
    pub fn speed(&self) -> u8 {
        self.last().speed
    }

    /// Exercise time at a moment, milliseconds after DEBEX; 0 before it.
    pub fn offset_at(&self, at: i64) -> i64 {
        self.at(at).offset_at(at)
    }

    /// The first moment at which exercise time reaches an offset (milliseconds after DEBEX), as things stand; `None` while it
    /// waits, is held short of it, or ended before it.
    pub fn reaches(&self, offset: i64) -> Option<i64> {
        for (place, stretch) in self.stretches.iter().enumerate() {
            if stretch.run == Run::Waiting {
                continue;
            }
            if offset <= stretch.offset {
                return Some(stretch.from);
            }
            let until = self.stretches.get(place + 1).map(|next| next.from);
            if stretch.run == Run::Running {
                let wait = (offset - stretch.offset).div_euclid(i64::from(stretch.speed))
                    + i64::from((offset - stretch.offset).rem_euclid(i64::from(stretch.speed)) > 0);
                let moment = stretch.from.saturating_add(wait);
                if until.is_none_or(|until| moment <= until) {
                    return Some(moment);
                }
            }
        }
        None
    }

    /// When it began (DEBEX), milliseconds since 1970.
    pub fn began_at(&self) -> Option<i64> {
        self.steps.iter().find(|s| s.act == ClockAct::Start).map(|s| s.at)
    }

    /// When it ended, milliseconds since 1970.
    pub fn ended_at(&self) -> Option<i64> {
        let last = self.last();
        last.run.is_over().then_some(last.from)
    }

    /// Why a real emergency stopped it.
    pub fn stopped(&self) -> Option<&str> {
        self.steps.iter().find_map(|s| match &s.act {
            ClockAct::Stop(why) => Some(why.as_str()),
            _ => None,
        })
    }

    /// Everything that was done to it, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: i64 = 1_000_000;

    fn clock(acts: &[(i64, ClockAct)]) -> Clock {
        let mut clock = Clock::default();
        for (at, act) in acts {
            clock.push(act.clone(), T + at);
        }
        clock
    }

    #[test]
    fn time_goes_as_the_acts_say() {
        let acts = [
            (0, ClockAct::Start),
            (1_000, ClockAct::Pause),
            (5_000, ClockAct::Resume),
            (6_000, ClockAct::Speed(8)),
            (7_000, ClockAct::Jump(60_000)),
            (8_000, ClockAct::Finish),
        ];
        let clock = clock(&acts);
        let offsets: Vec<i64> = [-5, 0, 500, 3_000, 5_500, 6_500, 7_000, 7_500, 9_000].map(|at| clock.offset_at(T + at)).to_vec();
        assert_eq!(offsets, [0, 0, 500, 1_000, 1_500, 6_000, 60_000, 64_000, 68_000]);
        assert_eq!(clock.reaches(0), Some(T));
        assert_eq!(clock.reaches(1_200), Some(T + 5_200));
        assert_eq!(clock.reaches(30_000), Some(T + 7_000), "what a jump passes over is reached by it");
        assert_eq!(clock.reaches(68_001), None);
        assert_eq!((clock.began_at(), clock.ended_at()), (Some(T), Some(T + 8_000)));
    }

    #[test]
    fn acts_that_mean_nothing_are_passed_over() {
        let clock = clock(&[
            (0, ClockAct::Resume),
            (0, ClockAct::Pause),
            (0, ClockAct::Start),
            (1, ClockAct::Start),
            (2, ClockAct::Speed(9)),
            (2, ClockAct::Speed(0)),
            (3, ClockAct::Jump(1)),
            (4, ClockAct::Stop("feu".to_owned())),
            (5, ClockAct::Resume),
            (6, ClockAct::Finish),
        ]);
        assert_eq!(clock.steps().len(), 2);
        assert_eq!((clock.run(), clock.stopped(), clock.reaches(10)), (Run::Stopped, Some("feu"), None));
    }

    #[test]
    fn a_moment_before_the_last_act_counts_from_it() {
        let mut clock = clock(&[(1_000, ClockAct::Start)]);
        assert!(clock.push(ClockAct::Pause, T));
        assert_eq!(clock.offset_at(T + 9_000), 0);
    }
}
