import { answerQuestions } from '../../child.ts';
import { startRed, type RedQuestion } from './start-red.ts';

/** A Node-RED in a process of its own; the answer is the port of its web server. */
answerQuestions((question: RedQuestion) => startRed(question));
