//! Sentences through network and search: long ones first, batches that sentences join and leave between steps, one
//! worker a thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::forward::{Scratch, Sentence};
use super::network::Network;
use super::rows;
use super::search::{Search, Settings};
use crate::ports::Cancel;

/// A sentence, or a piece of one that is too long.
pub struct Piece {
    /// Which sentence it is of.
    pub sentence: usize,
    /// Its words as the network takes them.
    pub words: Vec<u32>,
    /// How many words its translation may have, the end among them.
    pub most: usize,
}

/// Why there is no result.
#[derive(Debug)]
pub enum Stop {
    Cancelled,
    Failed(candle_core::Error),
}

impl From<candle_core::Error> for Stop {
    fn from(error: candle_core::Error) -> Self {
        Self::Failed(error)
    }
}

/// Pieces to be translated.
pub struct Work<'a> {
    pub network: &'a Network,
    pub settings: &'a Settings,
    pub pieces: &'a [Piece],
    /// Pieces under way at a time on each thread.
    pub batch: usize,
}

/// A piece under way.
struct UnderWay {
    piece: usize,
    sentence: Sentence,
    search: Search,
}

impl Work<'_> {
    /// The words of each piece's translation.
    ///
    /// # Errors
    /// `Cancelled`, or what candle finds.
    pub fn on_threads(&self, threads: usize, cancel: &Cancel) -> Result<Vec<Vec<u32>>, Stop> {
        let mut order: Vec<usize> = (0..self.pieces.len()).collect();
        order.sort_by_key(|piece| std::cmp::Reverse(self.pieces[*piece].words.len()));
        let next = AtomicUsize::new(0);
        let threads = threads.clamp(1, self.pieces.len().max(1));
        let results = Mutex::new(Vec::with_capacity(threads));
        std::thread::scope(|scope| {
            let work = || {
                let result = self.on_this_thread(&order, &next, cancel);
                results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
            };
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        let mut all = vec![Vec::new(); self.pieces.len()];
        for result in results.into_inner().unwrap_or_else(PoisonError::into_inner) {
            for (piece, words) in result? {
                all[piece] = words;
            }
        }
        Ok(all)
    }

    /// Translates pieces in the order that `order` gives, taking the next ones from `next` as long as there are any.
    fn on_this_thread(
        &self,
        order: &[usize],
        next: &AtomicUsize,
        cancel: &Cancel,
    ) -> Result<Vec<(usize, Vec<u32>)>, Stop> {
        let batch = self.batch.max(1);
        let (mut scratch, mut logits, mut done) = (Scratch::default(), Vec::new(), Vec::new());
        let mut under_way: Vec<UnderWay> = Vec::new();
        loop {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let free = batch - under_way.len();
            if free * 4 >= batch {
                let first = next.fetch_add(free, Ordering::Relaxed).min(order.len());
                let new = &order[first..(first + free).min(order.len())];
                self.begin(new, &mut scratch, &mut under_way)?;
            }
            if under_way.is_empty() {
                return Ok(done);
            }
            self.step(&mut under_way, &mut scratch, &mut logits, &mut done)?;
        }
    }

    fn begin(&self, new: &[usize], scratch: &mut Scratch, under_way: &mut Vec<UnderWay>) -> Result<(), Stop> {
        let room = |piece: usize| {
            // What translations mostly need; a longer one makes its cache grow.
            let Piece { words, most, .. } = &self.pieces[piece];
            (words.len() + words.len() / 2).min(*most) * self.settings.beams
        };
        let sources: Vec<_> = new.iter().map(|piece| (self.pieces[*piece].words.as_slice(), room(*piece))).collect();
        let sentences = self.network.begin(&sources, scratch)?;
        under_way.extend(new.iter().zip(sentences).map(|(piece, sentence)| UnderWay {
            piece: *piece,
            sentence,
            search: Search::new(self.settings, self.pieces[*piece].most),
        }));
        Ok(())
    }

    fn step(
        &self,
        under_way: &mut Vec<UnderWay>,
        scratch: &mut Scratch,
        logits: &mut Vec<f32>,
        done: &mut Vec<(usize, Vec<u32>)>,
    ) -> Result<(), Stop> {
        let next: Vec<_> = under_way.iter().map(|one| one.search.rows()).collect();
        let mut sentences: Vec<&mut Sentence> = under_way.iter_mut().map(|one| &mut one.sentence).collect();
        self.network.step(&mut sentences, &next, scratch, logits)?;
        let mut log_sums = |scores: &[f32]| {
            let mut sum = 0.0;
            rows::log_sum_exp(self.network.kernel, scores, &mut sum);
            sum
        };
        let mut rest = logits.as_slice();
        let mut ended = Vec::with_capacity(next.len());
        for (one, rows) in under_way.iter_mut().zip(&next) {
            let (own, others) = rest.split_at(rows.len() * self.network.words());
            rest = others;
            ended.push(one.search.advance(self.settings, own, &mut log_sums));
        }
        for n in (0..ended.len()).rev().filter(|n| ended[*n]) {
            let one = under_way.swap_remove(n);
            done.push((one.piece, one.search.result(self.settings)));
        }
        Ok(())
    }
}
