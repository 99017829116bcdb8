(** EnclosedMatrix.swift beyond 256 columns: norms of rows and columns, rounded up, bound the error of a product. *)
From Coq Require Import ZArith Reals Lra Lia Arith ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN.
From Certify Require Import FloatingPoint FloatingRounding FloatingProducts FloatingInterval FloatingSums
  FloatingCholesky FloatingDefiniteness FloatingMatrix.

Local Open Scope R_scope.

Section Coarse.
Variable n : nat.
Hypothesis n0 : (0 < n)%nat.
Hypothesis small : INR n <= 67108864.
Notation g := (growth n).

(** [upperNorm] of a rounded sum of squares, as [rowNorms] and [columnNorms] call it. *)
Definition normInflation : double := fadd one (fmul (fmul (literal 2 0) (ofNat (n + 4))) (literal 1 (-52))).
Definition norm (v : nat -> double) : double :=
  squareRootUp (fsucc (fadd (fsucc (fmul (dotProduct n v v) normInflation)) (underflow n))).

Lemma normInflation_val : fin normInflation /\ val normInflation = 1 + 4 * (INR n + 4) * u.
Proof.
have n4 : INR (n + 4) = INR n + 4 by rewrite plus_INR /=; lra.
have [F V] := scaled_count 2 (-52) (n + 4) ltac:(lia) ltac:(rewrite n4; lra) ltac:(rewrite /emin; lia).
have E52 : bpow (-52) = 2 * u := bpow_plus radix2 1 (-53).
have [_ nu] := u_small.
have small' : 0 <= 4 * (INR n + 4) * u <= 1 by have := pos_INR n; have := u_pos; split; nra.
have Es : val one + val (fmul (fmul (literal 2 0) (ofNat (n + 4))) (literal 1 (-52))) = 1 + 4 * (INR n + 4) * u.
  by rewrite V val_one E52 n4; ring.
have Fi : fin normInflation.
  rewrite /normInflation; apply: fadd_ok => //; rewrite Es Rabs_pos_eq; first lra.
  by apply: (Rle_trans _ (bpow 1)); [change (bpow 1) with 2; lra | apply: bpow_huge; lia].
split=> //; have [_ _ ->] := fadd_fin _ _ Fi; rewrite Es; apply: rnd_id.
have -> : 1 + 4 * (INR n + 4) * u = IZR (2 ^ 51 + Z.of_nat (n + 4)) * bpow (-51).
  have -> : bpow (-51) = 4 * u := bpow_plus radix2 2 (-53).
  by rewrite plus_IZR -INR_IZR_INZ n4 (IZR_Zpower radix2 51) //; change (bpow 51) with 2251799813685248; lra.
apply: format_int; last by rewrite /emin; lia.
have : (Z.of_nat (n + 4) <= 67108868)%Z by apply: le_IZR; rewrite -INR_IZR_INZ n4; lra.
by lia.
Qed.

Lemma square_nonneg x : above 0 (fmul x x).
Proof.
case: (boolP (is_finite (fmul x x))) => F.
  have [_ _ E] := fmul_fin _ _ F; apply/above_fin => //; rewrite E -rnd0; apply: rnd_le; exact: Rle_0_sqr.
have := Bmult_correct prec emax prec_gt0 prec_lt_emax mode_NE x x; rewrite -/(fmul x x).
case: (boolP (is_finite x)) => Fx; last by case: x F Fx => [?|[]||? ? ? ?].
case: Rlt_bool => [[_ [E _]]|]; first by rewrite E in F.
by rewrite Bool.xorb_nilpotent; case: (fmul x x) => // s [->].
Qed.

Lemma squares_nonneg v m : above 0 (dotProduct m v v).
Proof. by elim: m => [|m IH] /=; [apply: (above_val zero) | apply: fadd_nonneg => //; apply: square_nonneg]. Qed.

Lemma fsucc_nonneg r : above 0 r -> above 0 (fsucc r).
Proof.
move=> r0; apply: fsucc_not_low => F; have Fr := fsucc_was_fin r r0 F; rewrite fsucc_fin //.
by apply: Rle_trans (above_finite _ _ r0 Fr) _; apply: succ_ge_id.
Qed.

Lemma squareRootUp_fin x : fin (squareRootUp x) -> fin x.
Proof.
rewrite /squareRootUp; case: (boolP (is_finite (fsqrt x))) => [/fsqrt_fin[] //|F F'].
by rewrite F' in F.
Qed.

Lemma addingUp_fin x y : fin (addingUp x y) -> fin x /\ fin y.
Proof.
rewrite /addingUp /twoSum; set e := fadd (fsub x _) _.
case: (boolP (is_finite (fadd x y))) => [/fadd_fin[] //|]; by case: (fadd x y).
Qed.

(** The sums of the norms in real numbers. *)
Lemma sum_norms x y : sum n (fun k => Rabs (x k) * Rabs (y k))
  <= sqrt (sum n (fun k => x k * x k)) * sqrt (sum n (fun k => y k * y k)).
Proof.
have x0 : 0 <= sum n (fun k => x k * x k) by apply: sum_ge0 => *; apply: Rle_0_sqr.
have y0 : 0 <= sum n (fun k => y k * y k) by apply: sum_ge0 => *; apply: Rle_0_sqr.
rewrite -sqrt_mult //; rewrite -[X in X <= _]sqrt_square; last first.
  apply: sqrt_le_1_alt; have := sum_cauchy n (fun k => Rabs (x k)) (fun k => Rabs (y k)).
  have sq z : sum n (fun k => Rabs (z k) * Rabs (z k)) = sum n (fun k => z k * z k).
    by apply: sum_ext => k _; rewrite -Rabs_mult Rabs_pos_eq //; apply: Rle_0_sqr.
  by rewrite !sq.
by apply: sum_ge0 => k _; apply: Rmult_le_pos; apply: Rabs_pos.
Qed.

Lemma sum_norms_le x y p q : sqrt (sum n (fun k => x k * x k)) <= p -> sqrt (sum n (fun k => y k * y k)) <= q ->
  sum n (fun k => Rabs (x k) * Rabs (y k)) <= p * q.
Proof.
by move=> xp yq; apply: Rle_trans (sum_norms x y) _; apply: Rmult_le_compat => //; apply: sqrt_pos.
Qed.

Lemma norm_real S D P : 0 <= S -> Rabs (S - D) <= g * S + underflows n -> D * (1 + 4 * (INR n + 4) * u) <= P ->
  S <= P + 2 * (INR n + 4) * eta.
Proof.
move=> S0 h; have [_ u1] := u_small; have u0 := u_pos; have g0 := growth_ge0 n; have e0 := eta_pos.
have m0 := pos_INR n; have gs := growth_small n small; move: h; rewrite /underflows.
move: (INR n) g m0 small g0 gs => m h m0 m1 h0 gs.
have h1 : h <= / 1024 by nra.
have mU : 0 <= m * (eta / 2) by apply: Rmult_le_pos; lra.
set U := (1 + h) * _; have U0 : 0 <= U by rewrite /U; nra.
have U1 : U <= 2 * (m * (eta / 2)) by rewrite /U; nra.
set I := 1 + 4 * (m + 4) * u => /Rabs_le_inv[_ low] DP.
have I0 : 1 <= I by rewrite /I; nra.
have I1 : I <= 2 by rewrite /I; nra.
have gain : 1 <= I * (1 - h).
  have : I * (1 - (m + 1) * u) <= I * (1 - h) by apply: Rmult_le_compat_l; lra.
  have mm : (m + 4) * u <= / 8 by nra.
  have mu : 0 <= m * u by apply: Rmult_le_pos; lra.
  have := Rmult_le_compat_r ((m + 1) * u * 4) _ _ ltac:(lra) mm.
  by rewrite /I; lra.
have := Rmult_le_compat_r S _ _ S0 gain.
have := Rmult_le_compat_l I ((1 - h) * S - U) D ltac:(lra) ltac:(lra).
have := Rmult_le_compat_r U _ _ U0 I1.
have me : 0 <= m * eta by apply: Rmult_le_pos; lra.
by lra.
Qed.

(** The norm is an upper bound, and finite only if all entries are. *)
Theorem norm_above v : fin (norm v) ->
  (forall k, (k < n)%nat -> fin (v k)) /\ sqrt (sum n (fun k => val (v k) * val (v k))) <= val (norm v).
Proof.
move=> F; have [Fi Ei] := normInflation_val; have [Fu Eu] := underflow_val n n0 small.
have [u1 nu] := u_small; have u0 := u_pos; have m0 := pos_INR n; have e0 := eta_pos.
have i0 : above 0 normInflation.
  by apply/above_fin; [exact: Fi | rewrite Ei; have := Rmult_le_pos (INR n + 4) u ltac:(lra) ltac:(lra); lra].
have v0 : above 0 (underflow n).
  by apply/above_fin; [exact: Fu | rewrite Eu; apply: Rmult_le_pos; lra].
have P0 := fmul_nonneg _ _ (squares_nonneg v n) i0; have Q0 := fsucc_nonneg _ P0; have X0 := fadd_nonneg _ _ Q0 v0.
have FS := squareRootUp_fin _ F; have FX := fsucc_was_fin _ X0 FS; have [FQ _ EX] := fadd_fin _ _ FX.
have FP := fsucc_was_fin _ P0 FQ; have [FD _ EP] := fmul_fin _ _ FP.
split; first by move=> k hk; have [] := dotProduct_fin n v v k FD hk.
have s1 := fsucc_rnd _ _ FP EP FQ; have s2 := fsucc_rnd _ _ FX EX FS; rewrite Ei in s1; rewrite Eu in s2.
have S0 : 0 <= sum n (fun k => val (v k) * val (v k)) by apply: sum_ge0 => *; apply: Rle_0_sqr.
have err := dotProduct_error n v v FD.
rewrite (sum_ext n (fun k => Rabs _) (fun k => val (v k) * val (v k))) in err.
  by move=> k _; rewrite Rabs_pos_eq //; apply: Rle_0_sqr.
have := norm_real _ _ _ S0 err s1 => h; refine (above_finite _ _ _ F); refine (squareRootUp_above _ _ _).
by apply/above_fin; [exact: FS | lra].
Qed.

Lemma norm_nonneg v : above 0 (norm v).
Proof.
rewrite -sqrt_0; refine (squareRootUp_above _ _ _); apply: fsucc_nonneg.
have [Fi Ei] := normInflation_val; have [Fu Eu] := underflow_val n n0 small; have u0 := u_pos; have m0 := pos_INR n.
refine (fadd_nonneg _ _ (fsucc_nonneg _ (fmul_nonneg _ _ (squares_nonneg v n) _)) _).
  by apply/above_fin; [exact: Fi | rewrite Ei; have := Rmult_le_pos (INR n + 4) u ltac:(lra) ltac:(lra); lra].
by apply/above_fin; [exact: Fu | rewrite Eu; have := eta_pos => ?; apply: Rmult_le_pos; lra].
Qed.

(** [coarseError]: one entry's radius. *)
Lemma rnd_low_pos x : 0 <= x -> (1 - u) * x - eta / 2 <= rnd x.
Proof. by move=> x0; have := rnd_low x; rewrite Rabs_pos_eq //; lra. Qed.

Section Product.
Variables (a b : nat -> double) (r s : option (nat -> double)).

Definition normOf (r : option (nat -> double)) : double := if r is Some r then norm r else zero.
Definition rounded : double := addingUp (multiplyingUp (relativeErrorOfSum n) (norm b)) (normOf s).
Definition unrounded : double := addingUp (norm b) (normOf s).
Definition roundings : double := fadd one (fmul (literal 4 0) (literal 1 (-52))).
Definition coarseRadius : double :=
  fsucc (fadd (fmul (fadd (fmul (norm a) rounded) (fmul (normOf r) unrounded)) roundings) (underflow n)).

Lemma roundings_val : fin roundings /\ val roundings = 1 + 8 * u.
Proof.
have [F4 E4] := literal_val 4 0 ltac:(lia) ltac:(discriminate) (int_huge 4 0 ltac:(lia) ltac:(discriminate)).
have [Fe Ee] := literal_val 1 (-52) ltac:(lia) ltac:(discriminate) (int_huge 1 (-52) ltac:(lia) ltac:(discriminate)).
have V : val (literal 4 0) * val (literal 1 (-52)) = IZR 4 * bpow (-52).
  by rewrite E4 Ee; change (bpow 0) with 1; ring.
have [F E] := fmul_exact _ _ _ _ F4 Fe V ltac:(lia) ltac:(rewrite /emin; lia).
have E52 : bpow (-52) = 2 * u := bpow_plus radix2 1 (-53).
have [_ nu] := u_small; have Es : val one + val (fmul (literal 4 0) (literal 1 (-52))) = 1 + 8 * u.
  by rewrite E val_one E52; ring.
have Fi : fin roundings.
  rewrite /roundings; apply: fadd_ok => //; rewrite Es Rabs_pos_eq; first lra.
  by apply: (Rle_trans _ (bpow 1)); [change (bpow 1) with 2; lra | apply: bpow_huge; lia].
split=> //; have [_ _ ->] := fadd_fin _ _ Fi; rewrite Es; apply: rnd_id.
have -> : 1 + 8 * u = IZR (2 ^ 50 + 1) * bpow (-50).
  by rewrite (_ : bpow (-50) = 8 * u) //=; [exact: (bpow_plus radix2 3 (-53)) | lra].
by apply: format_int; [lia | rewrite /emin; lia].
Qed.

Lemma normOf_nonneg r' : above 0 (normOf r').
Proof. by case: r' => [v|]; [apply: norm_nonneg | apply: (above_val zero)]. Qed.

Lemma gamma_nonneg' : above 0 (relativeErrorOfSum n).
Proof. exact: (above_le _ _ _ (growth_ge0 n) (relativeErrorOfSum_above n n0 small)). Qed.

Lemma unrounded_nonneg : above 0 unrounded.
Proof. by rewrite -(Rplus_0_l 0); refine (addingUp_above _ _ _ _ (norm_nonneg b) (normOf_nonneg s)). Qed.

Lemma rounded_nonneg : above 0 rounded.
Proof.
rewrite -(Rplus_0_l 0); refine (addingUp_above _ _ _ _ (multiplyingUp_above _ _ _ _) (normOf_nonneg s)) => Fg Fb.
by apply: Rmult_le_pos; [apply: above_finite gamma_nonneg' Fg | apply: above_finite (norm_nonneg b) Fb].
Qed.

Variables (alpha beta : nat -> R).
Hypothesis nearA : forall k, (k < n)%nat -> fin (a k) -> near (alpha k) (a k) r k.
Hypothesis nearB : forall k, (k < n)%nat -> fin (b k) -> near (beta k) (b k) s k.

(** The distances from the middles have norms below those of the radii. *)
Lemma distance_norm (x : nat -> R) (v : nat -> double) (q : option (nat -> double)) :
  (forall k, (k < n)%nat -> fin (v k)) -> (forall k, (k < n)%nat -> near (x k) (v k) q k) -> fin (normOf q) ->
  sqrt (sum n (fun k => (x k - val (v k)) * (x k - val (v k)))) <= val (normOf q).
Proof.
move=> Fv nearV; case: q nearV => [q|] /= nearV F; last first.
  rewrite (sum_ext n _ (fun _ => 0)) ?sum0 ?sqrt_0; last exact: Rle_refl.
  by move=> k /nearV ->; ring.
have [Fq le] := norm_above q F; apply: Rle_trans le; apply: sqrt_le_1_alt; apply: sum_le => k hk.
have := above_finite _ _ (nearV k hk) (Fq k hk) => h.
have -> : (x k - val (v k)) * (x k - val (v k)) = Rabs (x k - val (v k)) * Rabs (x k - val (v k)).
  by rewrite -Rabs_mult Rabs_pos_eq //; apply: Rle_0_sqr.
by apply: Rmult_le_compat => //; apply: Rabs_pos.
Qed.

(** The roundings of the four operations, in real numbers. *)
Lemma coarse_real p1 p2 q e X Y : 0 <= X -> 0 <= Y -> (1 - u) * X - eta / 2 <= p1 -> (1 - u) * Y - eta / 2 <= p2 ->
  (1 - u) * (p1 + p2) <= q -> (1 - u) * (q * (1 + 8 * u)) - eta / 2 <= e ->
  X + Y + underflows n <= e + 2 * (INR n + 4) * eta.
Proof.
move=> X0 Y0 h1 h2 h3 h4; have [_ nu] := u_small; have u0 := u_pos; have e0 := eta_pos; have g0 := growth_ge0 n.
have m0 := pos_INR n; have gs := growth_small n small; have me : 0 <= INR n * eta by apply: Rmult_le_pos; lra.
have g1 : g <= 1 by nra.
have U : underflows n <= INR n * eta.
  by rewrite /underflows; have := Rmult_le_compat_r (INR n * (eta / 2)) (1 + g) 2 ltac:(lra) ltac:(lra); lra.
set c := (1 - u) * (1 + 8 * u); have c0 : 1 <= c * ((1 - u) * (1 - u)) by rewrite /c; nra.
have c1 : c * (1 - u) <= 2 by rewrite /c; nra.
have c2 : 0 <= c by rewrite /c; nra.
have := Rmult_le_compat_l c _ _ c2 h3.
have := Rmult_le_compat_l (c * (1 - u)) ((1 - u) * (X + Y) - eta) (p1 + p2) ltac:(nra) ltac:(lra).
have := Rmult_le_compat_r (X + Y) _ _ ltac:(lra) c0; have := Rmult_le_compat_r eta _ _ ltac:(lra) c1.
by move: h4; rewrite /c; lra.
Qed.

Theorem coarse_encloses : fin (dotProduct n a b) -> fin coarseRadius ->
  Rabs (sum n (fun k => alpha k * beta k) - val (dotProduct n a b)) <= val coarseRadius.
Proof.
move=> Fd Fr; have Fa k (hk : (k < n)%nat) := proj1 (dotProduct_fin n a b k Fd hk).
have Fb k (hk : (k < n)%nat) := proj2 (dotProduct_fin n a b k Fd hk).
have [Fi Ei] := roundings_val; have [Fu Eu] := underflow_val n n0 small; have u0 := u_pos; have m0 := pos_INR n.
have iv : 0 <= val roundings by rewrite Ei; lra.
have vv : 0 <= val (underflow n) by rewrite Eu; have := eta_pos => ?; apply: Rmult_le_pos; lra.
have i0 := above_le _ _ _ iv (above_val _ Fi); have v0 := above_le _ _ _ vv (above_val _ Fu).
have A0 := norm_nonneg a; have R0 := normOf_nonneg r.
have p10 := fmul_nonneg _ _ A0 rounded_nonneg; have p20 := fmul_nonneg _ _ R0 unrounded_nonneg.
have q0 := fadd_nonneg _ _ p10 p20; have X0 := fadd_nonneg _ _ (fmul_nonneg _ _ q0 i0) v0.
move: (Fr); rewrite /coarseRadius => Fr'; have FX := fsucc_was_fin _ X0 Fr'; have [Fe _ EX] := fadd_fin _ _ FX;
  have [Fq _ Ee] := fmul_fin _ _ Fe.
have [F1 F2 _] := fadd_fin _ _ Fq; have [FA FR E1] := fmul_fin _ _ F1; have [FRn FW E2] := fmul_fin _ _ F2.
move: (FW); rewrite /unrounded => FW'; have [FB FS] := addingUp_fin _ _ FW'.
have up := fsucc_rnd _ _ FX EX Fr'; refine (Rle_trans _ _ _ _ up).
have [_ nA] := norm_above a FA; have [_ nB] := norm_above b FB.
have dA := distance_norm alpha a r Fa (fun k hk => nearA k hk (Fa k hk)) FRn.
have dB := distance_norm beta b s Fb (fun k hk => nearB k hk (Fb k hk)) FS.
have a0 := above_finite _ _ A0 FA; have r0 := above_finite _ _ R0 FRn.
have b0 := above_finite _ _ (norm_nonneg b) FB; have s0 := above_finite _ _ (normOf_nonneg s) FS.
have rd : g * val (norm b) + val (normOf s) <= val rounded.
  refine (above_finite _ _ _ FR); rewrite /rounded; refine (addingUp_above _ _ _ _ _ (above_val _ FS)).
  refine (multiplyingUp_above _ _ _ _) => Fg _.
  exact (Rmult_le_compat_r _ _ _ b0 (above_finite _ _ (relativeErrorOfSum_above n n0 small) Fg)).
have wd : val (norm b) + val (normOf s) <= val unrounded.
  refine (above_finite _ _ _ FW); rewrite /unrounded; exact (addingUp_above _ _ _ _ (above_val _ FB) (above_val _ FS)).
have rd0 := above_finite _ _ rounded_nonneg FR; have wd0 := above_finite _ _ unrounded_nonneg FW.
have XY0 := Rmult_le_pos _ _ a0 rd0; have XY1 := Rmult_le_pos _ _ r0 wd0.
have l1 := rnd_low_pos _ XY0; rewrite -E1 in l1; have l2 := rnd_low_pos _ XY1; rewrite -E2 in l2.
have l3 := fadd_low _ _ Fq (above_finite _ _ p10 F1) (above_finite _ _ p20 F2).
have q0' := above_finite _ _ q0 Fq.
have l4 := rnd_low_pos _ (Rmult_le_pos _ _ q0' iv); rewrite -Ee Ei in l4.
have tot := coarse_real _ _ _ _ _ _ XY0 XY1 l1 l2 l3 l4.
rewrite Eu; refine (Rle_trans _ _ _ _ tot).
have dot := dotProduct_error n a b Fd; have g0 := growth_ge0 n.
pose da k := alpha k - val (a k); pose db k := beta k - val (b k).
have sp : Rabs (sum n (fun k => alpha k * beta k) - sum n (fun k => val (a k) * val (b k)))
  <= sum n (fun k => Rabs (val (a k)) * Rabs (db k)) + (sum n (fun k => Rabs (da k) * Rabs (val (b k)))
    + sum n (fun k => Rabs (da k) * Rabs (db k))).
  rewrite -sum_sub -!sum_add; apply: Rle_trans (sum_abs _ _) _; apply: sum_le => k _.
  have -> : alpha k * beta k - val (a k) * val (b k) = val (a k) * db k + (da k * val (b k) + da k * db k).
    by rewrite /da /db; ring.
  rewrite -!Rabs_mult; apply: Rle_trans (Rabs_triang _ _) _; apply: Rplus_le_compat_l; exact: Rabs_triang.
have c1 := sum_norms_le (fun k => val (a k)) db _ _ nA dB; have c2 := sum_norms_le da (fun k => val (b k)) _ _ dA nB.
have c3 := sum_norms_le da db _ _ dA dB; have c4 := sum_norms_le (fun k => val (a k)) (fun k => val (b k)) _ _ nA nB.
rewrite (sum_ext n (fun k => Rabs (val (a k) * val (b k))) (fun k => Rabs (val (a k)) * Rabs (val (b k)))) in dot.
  by move=> k _; exact (Rabs_mult _ _).
have c5 := Rmult_le_compat_l _ _ _ g0 c4.
have m1 := Rmult_le_compat_l _ _ _ a0 rd; have m2 := Rmult_le_compat_l _ _ _ r0 wd.
have tri : Rabs (sum n (fun k => alpha k * beta k) - val (dotProduct n a b))
  <= Rabs (sum n (fun k => alpha k * beta k) - sum n (fun k => val (a k) * val (b k)))
  + Rabs (sum n (fun k => val (a k) * val (b k)) - val (dotProduct n a b)).
  by move: (sum _ _) (sum _ _) (val _); clear; move=> *; split_Rabs; lra.
by lra.
Qed.

End Product.
End Coarse.
