(** Theorem 6 of arXiv:2106.08928, corrected (Swift: [SlowSlopes]; theory 1): slopes that vary slowly.

    If (gW - 1) P + P (gW^T - 1) <= -c P with P = diag(p), 0 < c <= 2, and d_i(t) are the slopes, 0 < d_i <= g,

        form outside   V = e^T D P^-1 e        V' <= -beta V  while   d_i' <= (c - beta) d_i
        form inside    V = e^T D^-1 P^-1 e     V' <= -beta V  while  -d_i' <= (c - beta) d_i

    with beta a rate of V, beta/2 that of distances. What is printed, the metric D and c/g for c, fails:
    [MetricSlips]. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section SlowSlopes.
Variables (R : realFieldType) (n : nat).
Implicit Types (W A M N : 'M[R]_n) (p d s : 'rV[R]_n) (e y : 'cV[R]_n) (g c beta : R).

(** The part that speaks of the weights alone. *)
Definition diagonally_stable g W p c :=
  let X := (g *: W - 1%:M) *m diag_mx p in nonneg (- (X + X^T + c *: diag_mx p)).

(** The derivative of e^T M e along e' = A e, where M moves with the velocity N. *)
Definition growth M N A e := qf N e + 2%:R * bf M e (A *m e).

(** The statement for form outside, with a metric made of p and the slopes and a factor made of g and c;
    s are the velocities of the slopes d. *)
Definition theorem_6 (metric : 'rV[R]_n -> 'rV[R]_n -> 'rV[R]_n) (factor : R -> R -> R) : Prop :=
  forall g W p c beta d s, 0 < g -> (forall i, 0 < p 0 i) -> 0 < c <= 2%:R -> 0 < beta ->
  diagonally_stable g W p c -> (forall i, 0 < d 0 i <= g) ->
  (forall i, s 0 i - factor g c * d 0 i <= - (beta * d 0 i)) ->
  forall e, growth (diag_mx (metric p d)) (diag_mx (metric p s)) (W *m diag_mx d - 1%:M) e
    <= - (beta * qf (diag_mx (metric p d)) e).

Definition over p d : 'rV[R]_n := \row_i (d 0 i / p 0 i).

(** The inequality of the weights at P^-1 y. *)
Lemma stable_form g W p c y : (forall i, 0 < p 0 i) -> diagonally_stable g W p c ->
  2%:R * g * (\sum_i y i 0 / p 0 i * (W *m y) i 0) <= (2%:R - c) * \sum_i y i 0 ^+ 2 / p 0 i.
Proof.
move=> p0 st; pose x : 'cV[R]_n := \col_i (y i 0 / p 0 i).
have pn i : p 0 i != 0 by rewrite gt_eqF.
have Px : diag_mx p *m x = y.
  by apply/colP => i; rewrite mul_diag_mx !mxE mulrC divfK.
have xW : dot x (W *m y) = \sum_i y i 0 / p 0 i * (W *m y) i 0.
  by apply: eq_bigr => i _; rewrite mxE.
have xy : dot x y = \sum_i y i 0 ^+ 2 / p 0 i.
  by apply: eq_bigr => i _; rewrite mxE mulrAC expr2.
have := st x; rewrite /qf bfMN !bfMD bfT bfMZ bf_mul Px /bf Px mulmxBl mul1mx -scalemxAl dotDr dotNr dotZr xW xy.
by move=> h; apply: (le_by _ h); ring.
Qed.

Theorem slow_slopes_outside : theorem_6 over (fun g c => c).
Proof.
move=> g W p c beta d s g0 p0 /andP[c0 c2] b0 st sd slow e.
have pn i : p 0 i != 0 by rewrite gt_eqF.
have := stable_form (diag_mx d *m e) p0 st; set w := W *m _ => h.
have -> : growth (diag_mx (over p d)) (diag_mx (over p s)) (W *m diag_mx d - 1%:M) e
    = \sum_i (s 0 i - 2%:R * d 0 i) / p 0 i * e i 0 ^+ 2
      + 2%:R * \sum_i (diag_mx d *m e) i 0 / p 0 i * w i 0.
  rewrite /growth qf_diag bf_diag mulmxBl mul1mx -mulmxA -/w !mulr_sumr -!big_split /=.
  by apply: eq_bigr => i _; rewrite mul_diag_mx !mxE; entries R; field.
rewrite qf_diag; have sq : \sum_i (diag_mx d *m e) i 0 ^+ 2 / p 0 i <= g * \sum_i d 0 i / p 0 i * e i 0 ^+ 2.
  rewrite mulr_sumr; apply: ler_sum => i _; have /andP[d0 dg] := sd i; rewrite -subr_ge0 mul_diag_mx mxE.
  have -> : g * (d 0 i / p 0 i * e i 0 ^+ 2) - (d 0 i * e i 0) ^+ 2 / p 0 i
    = (g - d 0 i) * (d 0 i / p 0 i) * e i 0 ^+ 2 by field.
  by rewrite mulr_ge0 ?sqr_ge0 // mulr_ge0 ?subr_ge0 // divr_ge0 ?(ltW d0) ?(ltW (p0 i)).
have {sq}h : 2%:R * (\sum_i (diag_mx d *m e) i 0 / p 0 i * w i 0)
    <= (2%:R - c) * \sum_i d 0 i / p 0 i * e i 0 ^+ 2.
  rewrite -(ler_pmul2l g0) mulrCA mulrA; apply: (le_trans h).
  by rewrite [X in _ <= X]mulrCA; apply: ler_wpmul2l sq; rewrite subr_ge0.
apply: (le_trans (ler_add (lexx _) h)); rewrite !mulr_sumr -sumrN -big_split /=.
apply: ler_sum => i _; rewrite mxE; have := slow i; rewrite -subr_ge0 => sl.
apply: (le_by (s := (- (beta * d 0 i) - (s 0 i - c * d 0 i)) / p 0 i * e i 0 ^+ 2)); first by field.
by rewrite mulr_ge0 ?sqr_ge0 // divr_ge0 // ltW.
Qed.

(** Form inside: P^-1 D^-1 moves with the velocity -P^-1 D^-2 D'. *)
Theorem slow_slopes_inside g W p c beta d s : 0 < g -> (forall i, 0 < p 0 i) -> 0 < c <= 2%:R ->
  diagonally_stable g W p c -> (forall i, 0 < d 0 i <= g) ->
  (forall i, - s 0 i <= (c - beta) * d 0 i) ->
  forall e, growth (diag_mx (\row_i (p 0 i * d 0 i)^-1)) (diag_mx (\row_i (- s 0 i / (p 0 i * d 0 i ^+ 2))))
      (diag_mx d *m W - 1%:M) e
    <= - (beta * qf (diag_mx (\row_i (p 0 i * d 0 i)^-1)) e).
Proof.
move=> g0 p0 /andP[c0 c2] st sd slow e.
have pn i : p 0 i != 0 by rewrite gt_eqF.
have dp i : 0 < d 0 i by case/andP: (sd i).
have dn i : d 0 i != 0 by rewrite gt_eqF.
have := stable_form e p0 st => h.
have sq : \sum_i e i 0 ^+ 2 / p 0 i <= g * \sum_i (p 0 i * d 0 i)^-1 * e i 0 ^+ 2.
  rewrite mulr_sumr; apply: ler_sum => i _; have /andP[d0 dg] := sd i; rewrite -subr_ge0.
  have -> : g * ((p 0 i * d 0 i)^-1 * e i 0 ^+ 2) - e i 0 ^+ 2 / p 0 i
    = (g - d 0 i) / (p 0 i * d 0 i) * e i 0 ^+ 2 by field; rewrite pn dn.
  apply: mulr_ge0 (sqr_ge0 _); apply: divr_ge0; first by rewrite subr_ge0.
  by apply: mulr_ge0; apply: ltW.
have {sq}h : 2%:R * (\sum_i e i 0 / p 0 i * (W *m e) i 0)
    <= (2%:R - c) * \sum_i (p 0 i * d 0 i)^-1 * e i 0 ^+ 2.
  rewrite -(ler_pmul2l g0) mulrCA mulrA; apply: (le_trans h).
  by rewrite [X in _ <= X]mulrCA; apply: ler_wpmul2l sq; rewrite subr_ge0.
rewrite /growth !qf_diag bf_diag.
have -> : 2%:R * (\sum_i (\row_j (p 0 j * d 0 j)^-1) 0 i * (e i 0 * ((diag_mx d *m W - 1%:M) *m e) i 0))
    = 2%:R * (\sum_i e i 0 / p 0 i * (W *m e) i 0) - 2%:R * (\sum_i (p 0 i * d 0 i)^-1 * e i 0 ^+ 2).
  rewrite -mulrBr -sumrB; congr (_ * _); apply: eq_bigr => i _.
  rewrite mulmxBl mul1mx -mulmxA mxE [in LHS]mxE mul_diag_mx [(\matrix_(_, _) _) i 0]mxE [(- e) i 0]mxE.
  by entries R; field; rewrite pn dn.
apply: (le_trans (ler_add (lexx _) (ler_add h (lexx _)))).
rewrite -mulrBl !mulr_sumr -sumrN -big_split /=.
apply: ler_sum => i _; rewrite !mxE; have := slow i; rewrite -subr_ge0 => sl.
apply: (le_by (s := ((c - beta) * d 0 i - - s 0 i) / (p 0 i * d 0 i ^+ 2) * e i 0 ^+ 2)).
  by field; rewrite pn dn.
apply: mulr_ge0 (sqr_ge0 _); apply: divr_ge0 => //.
by apply: mulr_ge0 (sqr_ge0 _); apply: ltW.
Qed.

End SlowSlopes.
